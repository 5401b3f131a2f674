//! Recipes of models that a program fetches and packs. Those for files that a person has lie beside them, in `recipes/`.

/// EfficientNet-Lite0, of PyTorch's weights.
pub const EFFICIENTNET_LITE0: &str = include_str!("../recipes/efficientnet_lite0/recipe.json");
