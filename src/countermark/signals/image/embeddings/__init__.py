"""A learned network of the user's own that says which official photo a picture resembles."""

from countermark.signals.image.embeddings.settings import NetworkSettings, read_network_settings
from countermark.signals.image.embeddings.stage import EmbeddingStage, can_embed

__all__ = ["EmbeddingStage", "NetworkSettings", "can_embed", "read_network_settings"]
