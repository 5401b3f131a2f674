//! Classes by what people call them.

use super::Manifest;
use crate::error::{Error, Result};

/// What the likeliest class of an image is called.
const TOP: &str = "top1";

impl Manifest {
    /// The class that `text` means: none where it is `top1`, the likeliest of an image; an index, or a name (case, `_` and spaces do not matter). `index:3` is the index alone,
    /// and `name:3` the name, where a class is called by a number.
    ///
    /// # Errors
    /// [`Error::Request`] saying which classes there are, or which of them could be meant.
    pub fn class(&self, text: &str) -> Result<Option<usize>> {
        let labels = &self.labels;
        if labels.is_empty() {
            return Err(Error::Request(format!(
                "the model {} has no classifier, so there is no class to explain; choose another model, or look at its activations",
                self.id
            )));
        }
        if text == TOP {
            return Ok(None);
        }
        let index = |text: &str| text.parse().ok().filter(|&index: &usize| index < labels.len());
        let (index, named) = match (text.strip_prefix("index:"), text.strip_prefix("name:")) {
            (Some(number), _) => (index(number), vec![]),
            (_, Some(name)) => (None, self.classes_named(name)),
            _ => (index(text), self.classes_named(text)),
        };
        match (index, &named[..]) {
            (Some(index), []) => Ok(Some(index)),
            (Some(index), [named]) if index == *named => Ok(Some(index)),
            (None, [named]) => Ok(Some(*named)),
            (None, []) => Err(self.no_class(text)),
            (index, named) => Err(self.which_class(text, index, named)),
        }
    }

    /// The classes of that name.
    fn classes_named(&self, name: &str) -> Vec<usize> {
        let plain = |name: &str| name.to_lowercase().replace('_', " ");
        let labels = self.labels.iter().enumerate();
        labels.filter(|(_, label)| plain(label) == plain(name)).map(|(index, _)| index).collect()
    }

    /// That several classes could be meant, and how to say which.
    fn which_class(&self, text: &str, index: Option<usize>, named: &[usize]) -> Error {
        let (what, ways) = match index {
            Some(index) => (
                format!("the index of {} and the name of another", self.labels[index]),
                vec![format!("index:{text}"), format!("name:{text}")],
            ),
            None => (
                format!("the name of {} classes", named.len()),
                named.iter().map(|&index| format!("index:{index} ({})", self.labels[index])).collect(),
            ),
        };
        Error::Request(format!("in the model {}, {text} is {what}; say {}", self.id, ways.join(" or ")))
    }

    fn no_class(&self, text: &str) -> Error {
        let labels = &self.labels;
        let wanted = text.trim_start_matches("name:").to_lowercase();
        let near: Vec<&str> =
            labels.iter().filter(|label| label.to_lowercase().contains(&wanted)).take(5).map(String::as_str).collect();
        let near = if near.is_empty() { String::new() } else { format!("; near to it: {}", near.join(", ")) };
        Error::Request(format!(
            "the model {} has no class {text}; give an index from 0 to {}, a name such as {}, or top1{near}",
            self.id,
            labels.len() - 1,
            labels[0]
        ))
    }
}
