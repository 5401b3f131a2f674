//! Search of classes by name or index, as it is typed: the nearest first, small misspellings too.

use std::collections::BTreeMap;

use convscope_core::named::edits;
use convscope_core::predictions::Class;

/// Classes that are found at most.
const MOST: usize = 8;
/// Letters that a text must have before names that differ in one letter, or in two, are taken for it.
const LETTERS: [usize; 2] = [4, 7];

/// Search for a class while it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassSearch {
    /// The text so far.
    pub text: String,
    /// Place, among the classes that are found, of the one that Enter chooses.
    pub at: usize,
}

/// Classes that are found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundClasses<'a> {
    /// The nearest first, the likelier ones first among equals.
    pub classes: Vec<&'a Class>,
    /// Whether none of them is called as was typed, but nearly so.
    pub misspelt: bool,
}

/// What a key means in the field of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchKey {
    /// Another class is marked.
    Marked(ClassSearch),
    /// The class of that index is chosen.
    Chosen(usize),
    /// The field is emptied.
    Cleared,
}

impl ClassSearch {
    /// Search for what has been typed, its first class marked.
    pub fn typed(text: String) -> Self {
        Self { text, at: 0 }
    }

    /// The classes that the text may mean, of `classes` with the likeliest first; none of an empty text. `own` is the page's name of a
    /// class by the model's: both are searched.
    pub fn found<'a>(&self, classes: &'a [Class], own: &dyn Fn(&str) -> String) -> FoundClasses<'a> {
        let wanted = plain(&self.text);
        if wanted.is_empty() {
            return FoundClasses::default();
        }
        let names = |class: &Class| [plain(&class.name), plain(&own(&class.name))];
        let nearest = |class: &Class| names(class).iter().filter_map(|name| nearness(name, class.index, &wanted)).min();
        let exact = ranked(classes, nearest);
        if !exact.is_empty() {
            return FoundClasses { classes: exact, misspelt: false };
        }
        let near = |class: &Class| names(class).iter().filter_map(|name| misspelling(name, &wanted)).min();
        let near = ranked(classes, near);
        FoundClasses { misspelt: !near.is_empty(), classes: near }
    }

    /// Meaning of a key, if it has one here; arrows go round.
    pub fn press(&self, key: &str, classes: &[Class], own: &dyn Fn(&str) -> String) -> Option<SearchKey> {
        let found = self.found(classes, own).classes;
        let count = found.len();
        let at = self.at.min(count.saturating_sub(1));
        let marked = |at: usize| Some(SearchKey::Marked(Self { at, ..self.clone() }));
        match key {
            "Escape" if !self.text.is_empty() => Some(SearchKey::Cleared),
            "ArrowDown" if count > 0 => marked((at + 1) % count),
            "ArrowUp" if count > 0 => marked((at + count - 1) % count),
            "Enter" => found.get(at).map(|class| SearchKey::Chosen(class.index)),
            _ => None,
        }
    }
}

/// The first classes by rank, in their order among those of one rank.
fn ranked(classes: &[Class], rank: impl Fn(&Class) -> Option<usize>) -> Vec<&Class> {
    let mut found: Vec<(usize, &Class)> = classes.iter().filter_map(|class| Some((rank(class)?, class))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(MOST).map(|(_, class)| class).collect()
}

/// Small letters and digits, with one space in the place of anything else.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Rank of a class that has the text in a name of it or its index: 0 where it is one of them.
fn nearness(name: &str, index: usize, wanted: &str) -> Option<usize> {
    let index = index.to_string();
    let begins_a_word = || name.match_indices(wanted).any(|(at, _)| at == 0 || name[..at].ends_with(' '));
    match () {
        () if index == wanted || name == wanted => Some(0),
        () if name.starts_with(wanted) => Some(1),
        () if begins_a_word() => Some(2),
        () if name.contains(wanted) => Some(3),
        // Whoever types digits may not have come to the end.
        () if index.starts_with(wanted) => Some(4),
        () => None,
    }
}

/// Number of letters in which a name, or as many of its words as were typed, differs from the text, if they are few.
fn misspelling(name: &str, wanted: &str) -> Option<usize> {
    let letters = wanted.chars().count();
    let most = LETTERS.iter().filter(|least| letters >= **least).count();
    let (words, count) = (name.split(' ').collect::<Vec<_>>(), wanted.split(' ').count());
    // A name that is written in one word, or in two, is a letter away.
    let parts = words.windows(count.min(words.len())).map(|part| part.join(" ")).chain([name.to_owned()]);
    let least = parts.map(|part| edits(&part, wanted)).min();
    least.filter(|edits| *edits <= most)
}

/// Gives the classes that share a name their indices beside it, as in `crane (134)`.
pub(super) fn tell_apart(classes: &mut [Class]) {
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    classes.iter().for_each(|class| *named.entry(class.name.clone()).or_default() += 1);
    for class in classes.iter_mut().filter(|class| named[&class.name] > 1) {
        class.name = format!("{} ({})", class.name, class.index);
    }
}
