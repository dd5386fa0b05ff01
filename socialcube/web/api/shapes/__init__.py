"""The shapes of what the API takes and gives. Serving and the document are both made from them."""
