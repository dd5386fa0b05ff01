"""What happened, in four streams whose ids come in commit order."""
