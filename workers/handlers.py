"""The pool's outbox subscribers, each subject in a file of its own."""

from workers import handlers_applications as handlers_applications
from workers import handlers_standing as handlers_standing
from workers import handlers_training as handlers_training
