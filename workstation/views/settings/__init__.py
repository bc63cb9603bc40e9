"""Settings: channels, appearance, language, replies, keys. What is changed is in force at once."""
