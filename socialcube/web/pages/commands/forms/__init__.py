"""From a command's document to the editor's fields and back."""
