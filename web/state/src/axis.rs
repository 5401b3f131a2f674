//! Rows and columns of a grid of maps: what differs there, as the page and as links say it.

/// Rows, and columns, at most.
pub(super) const MOST: usize = 4;

/// Choice that differs from row to row, or from column to column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// Classes, by their index.
    #[default]
    Class,
    /// Layers, by name.
    Layer,
    /// Methods, by id.
    Method,
    /// Conventions, by name.
    Convention,
    /// Models, by their ids.
    Model,
    /// Ways to store the weights of a model, by name.
    Codec,
    /// Images, by the numbers that this visit has given them.
    Image,
}

impl Axis {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Class, Self::Layer, Self::Method, Self::Convention, Self::Model, Self::Codec, Self::Image];

    /// Name in links.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Layer => "layer",
            Self::Method => "method",
            Self::Convention => "convention",
            Self::Model => "model",
            Self::Codec => "codec",
            Self::Image => "image",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|axis| axis.name() == name)
    }
}

/// Rows or columns: what differs, and which were chosen; the usual ones where none was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Side {
    /// What differs.
    pub(super) axis: Axis,
    /// The chosen ones.
    pub(super) chosen: Vec<String>,
}

impl Side {
    /// As a link says it. Images are numbers of this visit, and in no link.
    pub(super) fn encode(&self) -> String {
        let chosen = if self.axis == Axis::Image { &[][..] } else { &self.chosen };
        std::iter::once(self.axis.name()).chain(chosen.iter().map(String::as_str)).collect::<Vec<_>>().join(",")
    }

    /// The one that a link says, if it says one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(',');
        let axis = Axis::named(parts.next()?)?;
        Some(Self { axis, chosen: parts.take(MOST).map(str::to_owned).collect() })
    }
}
