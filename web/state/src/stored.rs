//! Things that the browser keeps for the page, by the names of its caches.

/// One thing that is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoredItem {
    /// The page itself, in one version or more.
    Page,
    /// Images of the person's own.
    Images,
    /// Optima of channels.
    Optima,
    /// Findings of surveys.
    Findings,
    /// A model, by its folder's name.
    Model(String),
}

/// Everything that is kept, each with its size in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// The page first.
    pub items: Vec<(StoredItem, u64)>,
    /// Bytes that the browser counts for all pages of this origin, and that it allows them.
    pub usage: Option<(u64, u64)>,
    /// Whether the browser has promised not to delete it by itself, where it says so.
    pub persisted: Option<bool>,
}

impl StoredItem {
    /// Item that a cache of that name holds; none of another page's, whose names begin with another `prefix`.
    pub fn named(prefix: &str, name: &str) -> Option<Self> {
        let (kind, rest) = name.strip_prefix(prefix)?.split_once(' ')?;
        match kind {
            "page" => Some(Self::Page),
            "images" => Some(Self::Images),
            "optima" => Some(Self::Optima),
            "findings" => Some(Self::Findings),
            "weights" => Some(Self::Model(rest.into())),
            _ => None,
        }
    }
}

impl Stored {
    /// Adds a cache of that name and size.
    pub fn add(&mut self, prefix: &str, name: &str, bytes: u64) {
        let Some(kept) = StoredItem::named(prefix, name) else { return };
        match self.items.iter_mut().find(|(other, _)| *other == kept) {
            Some((_, sum)) => *sum += bytes,
            None => self.items.push((kept, bytes)),
        }
        self.items.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_are_told_apart_by_their_names() {
        let mut stored = Stored::default();
        let names = [
            ("convscope /a/ weights vgg16_base", 7),
            ("convscope /a/ page 0123", 3),
            ("convscope /a/ list", 1),
            ("convscope /a/ images own", 4),
            ("convscope /a/ optima own", 6),
            ("convscope /a/ findings own", 8),
            ("convscope /a/ weights alexnet", 5),
            ("convscope /a/ page 4567", 2),
            // Another copy of the page, and somebody else's.
            ("convscope /a/b/ page 89ab", 100),
            ("convscope / weights vgg16_base", 100),
            ("their cache", 100),
        ];
        for (name, bytes) in names {
            stored.add("convscope /a/ ", name, bytes);
        }
        let model = |id: &str| StoredItem::Model(id.into());
        assert_eq!(
            stored.items,
            [
                (StoredItem::Page, 5),
                (StoredItem::Images, 4),
                (StoredItem::Optima, 6),
                (StoredItem::Findings, 8),
                (model("alexnet"), 5),
                (model("vgg16_base"), 7)
            ]
        );
    }
}
