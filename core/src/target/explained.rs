//! Targets with what a network makes of them.

use serde_json::{Value, json};

use super::Target;
use crate::export::joined;
use crate::predictions::Class;

/// Target with what a network makes of its classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The target.
    pub target: Target,
    /// The classes of its terms, in their order.
    pub classes: Vec<Class>,
}

impl Explained {
    /// A target of an image of which the network says these `classes`, in any order.
    ///
    /// # Errors
    /// The class that is not among them.
    pub fn new(target: &Target, classes: &[Class]) -> Result<Self, usize> {
        let class = |index: usize| classes.iter().find(|class| class.index == index).cloned().ok_or(index);
        let found = target.terms().iter().map(|term| class(term.class)).collect::<Result<_, _>>()?;
        Ok(Self { target: target.clone(), classes: found })
    }

    /// The class, where the target is one and no more.
    pub fn class(&self) -> Option<&Class> {
        self.target.single().and_then(|_| self.classes.first())
    }

    /// The target with its classes' names as `human` writes them: `tabby - tiger cat`.
    pub fn name(&self, human: impl Fn(&str) -> String) -> String {
        let name = |index| self.classes.iter().find(|class| class.index == index).map(|class| human(&class.name));
        self.target.written(|index| name(index).unwrap_or_else(|| index.to_string()))
    }

    /// The weighted sum of the logits, or of the raw outputs.
    pub fn logit(&self) -> f32 {
        self.classes.iter().zip(self.target.terms()).map(|(class, term)| term.weight * class.logit).sum()
    }

    /// What a manifest says: the `class` where it is one; else no class and the `target`: its text, its logit and its terms.
    pub fn json(&self) -> Value {
        if let Some(class) = self.class() {
            return json!({ "class": class });
        }
        let terms = self.target.terms().iter().zip(&self.classes);
        let terms = terms.map(|(term, class)| joined(json!({ "weight": term.weight }), json!(class)));
        let terms: Vec<Value> = terms.collect();
        json!({
            "class": null,
            "target": { "text": self.target.to_string(), "logit": self.logit(), "terms": terms },
        })
    }
}
