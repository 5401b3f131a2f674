//! What of a class's score comes back to the image: one backward pass to the input, under a rule for ReLU.

use crate::error::Result;
use crate::nn::ReluRule;
use crate::run::Run;

super::family! {
    gradient,
    guided_backprop,
    deconvnet,
}

/// The backward pass under a rule, as an image in the space of the input.
async fn at_input(run: Run<'_>, rule: ReluRule) -> Result<()> {
    let image = run.input_gradient(rule)?;
    let reaches = image.clone().abs().max_dims(&[1, 2, 3]);
    let image = run.map(None, image, Some(reaches)).await?;
    run.emit(image).await
}
