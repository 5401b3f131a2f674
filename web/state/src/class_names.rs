//! Names of classes in a language, by those that models have.

use std::collections::BTreeMap;

/// Names of classes in a language; none in the language that models have them in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassNames(BTreeMap<String, String>);

impl ClassNames {
    /// The names in a file with a line a class: the model's name and that of the language, with a tab between. Where several classes of
    /// a model share a name, their indices stand behind it, as in `crane (134)`.
    pub fn parse(text: &str) -> Self {
        let pairs = text.lines().filter_map(|line| line.split_once('\t'));
        Self(pairs.map(|(name, own)| (human(name), own.to_owned())).collect())
    }

    /// The name of a class as people write it: that of the language, or else the model's.
    pub fn name(&self, name: &str) -> String {
        let name = human(name);
        self.0.get(&name).cloned().unwrap_or(name)
    }

    /// The name of a class that stands alone: it begins with a capital letter where the language has such.
    pub fn title(&self, name: &str) -> String {
        let name = self.name(name);
        let mut letters = name.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

/// A class's name as people write it: the files of labels have underscores.
fn human(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_the_name_of_the_language_or_its_own() {
        let names = ClassNames::parse("tiger_cat\t虎猫\ncrane (134)\t鹤\nno name\n");
        let told = ["tiger_cat", "tiger cat", "crane (134)", "crane", "my_class"].map(|name| names.name(name));
        assert_eq!(told, ["虎猫", "虎猫", "鹤", "crane", "my class"]);
        assert_eq!(ClassNames::default().name("tiger_cat"), "tiger cat");
        let titles = ["tiger_cat", "my_class", ""].map(|name| names.title(name));
        assert_eq!(titles, ["虎猫", "My class", ""]);
    }
}
