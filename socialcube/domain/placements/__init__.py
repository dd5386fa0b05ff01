"""Which runner owns which bot, and until when."""
