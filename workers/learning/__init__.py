"""Pure rules of learning: what a lesson's text means, how a quiz is drawn and scored, how typing is measured."""
