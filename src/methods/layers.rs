//! Maps of the layers that are asked for, each by itself or all made one.

use burn::tensor::Tensor;

use crate::artifact::Artifact;
use crate::error::Result;
use crate::explain::AttributionMap;
use crate::nn::NodeId;
use crate::run::{Material, Run};

/// Map of a layer on the device.
pub(in crate::methods) struct LayerMap {
    /// `[1, 1, h, w]`, with its sign.
    pub(in crate::methods) values: Tensor<4>,
    /// What it is made of.
    pub(in crate::methods) material: Material,
}

/// Answer of a method with a map a layer: the maps of all layers that are asked for, or the one made of them, where that is asked for.
/// Who watches gets those of the last layers first, which a backward pass reaches first.
///
/// # Errors
/// Those of `at`, which makes a layer's map, and [`Error::Request`](crate::Error::Request) where there is no such layer.
pub(in crate::methods) async fn emit_maps(run: &Run<'_>, at: impl AsyncFn(NodeId) -> Result<LayerMap>) -> Result<()> {
    if let Some(fusion) = run.request().layers.fusion() {
        let maps = maps_at(run, &run.layers()?, at).await?;
        return run.emit(Artifact::Map(fusion.fuse(&maps))).await;
    }
    let mut layers = run.layers()?;
    if run.is_watched() {
        layers.reverse();
    }
    for layer in layers {
        let map = at(layer).await?;
        run.emit(run.map(Some(layer), map.values, map.material).await?).await?;
    }
    Ok(())
}

/// The maps of `layers`, read back.
///
/// # Errors
/// Those of `at`, which makes a layer's map.
pub(in crate::methods) async fn maps_at(
    run: &Run<'_>,
    layers: &[NodeId],
    at: impl AsyncFn(NodeId) -> Result<LayerMap>,
) -> Result<Vec<AttributionMap>> {
    let mut maps = vec![];
    for &layer in layers {
        let map = at(layer).await?;
        maps.push(run.read_map(Some(layer), map.values, map.material).await?);
        run.progress(maps.len(), layers.len()).await?;
    }
    Ok(maps)
}
