"""The dispatcher's pages; managers may use them too."""
