//! What a person knows of a model beside its preset, as it is typed: the numbers of the preprocessing, the crop, and the outputs.

use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::import_message::ImportDetails;
use convscope_core::named::Named;
use convscope_core::preprocess::Channels;

/// One of the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The order of the channels, by its name.
    Channels,
    /// Length of the short side before the middle is cut out, in pixels; 0 squashes the whole image.
    ShortSide,
    /// Factor of a pixel's value of 0 to 255.
    Scale,
    /// Mean of each channel.
    Mean,
    /// Standard deviation of each channel.
    Std,
    /// The node that holds the logits.
    Logits,
}

impl Detail {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Self; 6] = [Self::Channels, Self::ShortSide, Self::Scale, Self::Mean, Self::Std, Self::Logits];

    /// The detail of what is taken for the model, as people write it.
    pub fn of(self, taken: &ImportDetails, logits: Option<&str>) -> String {
        let three = |values: [f32; 3]| values.map(|value| value.to_string()).join(", ");
        let told = match self {
            Self::Channels => taken.channels.map(|channels| channels.name().to_owned()),
            Self::ShortSide => taken.short_side.map(|side| side.to_string()),
            Self::Scale => taken.scale.map(|scale| scale.to_string()),
            Self::Mean => taken.mean.map(three),
            Self::Std => taken.std.map(three),
            Self::Logits => logits.map(str::to_owned),
        };
        told.unwrap_or_default()
    }
}

/// The details as they are typed; empty ones stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailsForm([String; Detail::ALL.len()]);

impl DetailsForm {
    /// What has been typed.
    pub fn text(&self, detail: Detail) -> &str {
        &self.0[detail as usize]
    }

    pub(super) fn set(&mut self, detail: Detail, text: String) {
        self.0[detail as usize] = text;
    }

    /// The answers that were typed. A factor that was typed alone leaves what the preset says of the rest.
    pub(super) fn answers(&self) -> Result<ImportDetails, Fault> {
        let typed = |detail: Detail| Some(self.text(detail).trim()).filter(|text| !text.is_empty());
        let wrong = |text: &str| {
            fault!(
                "import-number",
                "{text} is no number, or not as many as are wanted; write one, or three with commas between, as 0.485, 0.456, 0.406",
                text
            )
        };
        let number = |text: &str| {
            let parsed = text.trim().parse::<f32>().ok().filter(|number| number.is_finite());
            parsed.ok_or_else(|| wrong(text))
        };
        let three = |text: &str| match text.split(',').map(number).collect::<Result<Vec<f32>, Fault>>()?[..] {
            [one] => Ok([one; 3]),
            [one, two, three] => Ok([one, two, three]),
            _ => Err(wrong(text)),
        };
        let pixels = |text: &str| text.parse::<u32>().map_err(|_| wrong(text));
        Ok(ImportDetails {
            channels: typed(Detail::Channels).and_then(Channels::named),
            short_side: typed(Detail::ShortSide).map(pixels).transpose()?,
            scale: typed(Detail::Scale).map(number).transpose()?,
            mean: typed(Detail::Mean).map(three).transpose()?,
            std: typed(Detail::Std).map(three).transpose()?,
            logits: typed(Detail::Logits).map(str::to_owned),
            architecture: None,
        })
    }
}
