//! A view as the fragment of the page's address, `#model=..&class=..`, and back. A fragment comes from whoever made the link: what is
//! not understood is left out with a sentence, and nothing of it is shown or asked before it has been checked.

use std::rc::Rc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Question, Technique, Text};

/// No link of ours is longer, nor any value in one.
const MAX_FRAGMENT: usize = 4_000;
const MAX_VALUE: usize = 200;
/// How much of a model's SHA-256 tells it from any other.
const HASH: usize = 16;
/// What stays as it is, so that people can read an address.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b',');

/// The picture of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkPicture {
    /// An example, by its id.
    Example(String),
    /// The link's maker's own, which no link carries.
    Own,
}

/// What a link says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The model's id.
    pub model: Option<String>,
    /// How the model's SHA-256 begins.
    pub hash: Option<String>,
    /// The picture.
    pub picture: Option<LinkPicture>,
    /// The technique.
    pub technique: Option<Technique>,
    /// The class's index.
    pub class: Option<usize>,
    /// The layer's name.
    pub layer: Option<String>,
    /// The feature map over the picture.
    pub channel: Option<usize>,
    /// Whether maps are drawn with their sign.
    pub signed: bool,
    /// How it is asked.
    pub question: Rc<Question>,
}

/// A number that a link may ask for: as small and as large as the page's own fields let it be.
pub(super) fn within(text: &str, least: usize, most: usize) -> Option<usize> {
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

/// The name of a value that is written as a word.
pub(super) fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The value of that name.
pub(super) fn named<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.into())).ok()
}

/// An id of a method, a convention or an example, or the beginning of a hash.
pub(super) fn id(text: &str) -> Option<String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    (plain && !text.is_empty()).then(|| text.to_owned())
}

/// A text, if there is any.
pub(super) fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Link {
    /// The fragment, without its `#`.
    pub fn encode(&self) -> String {
        let picture = self.picture.as_ref().map(|picture| match picture {
            LinkPicture::Example(id) => format!("example-{id}"),
            LinkPicture::Own => "own".into(),
        });
        let pairs = [
            ("model", self.model.clone()),
            ("hash", self.hash.as_ref().map(|hash| hash.chars().take(HASH).collect())),
            ("picture", picture),
            ("technique", self.technique.map(|technique| technique.name().into())),
            ("class", self.class.map(|class| class.to_string())),
            ("layer", self.layer.clone()),
        ];
        let rest =
            [("signed", self.signed.then(|| "1".into())), ("channel", self.channel.map(|channel| channel.to_string()))];
        let pair =
            |(key, value): (&str, Option<String>)| Some(format!("{key}={}", utf8_percent_encode(&value?, ESCAPED)));
        pairs.into_iter().chain(self.question.pairs()).chain(rest).filter_map(pair).collect::<Vec<_>>().join("&")
    }

    /// What a fragment says, with or without its `#`, and a sentence about what of it is not understood; none of a fragment that is
    /// no link of ours at all, as that of any anchor. What it does not say is as usual.
    pub fn parse(fragment: &str) -> Option<(Self, Option<Text>)> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        if !fragment.contains('=') {
            return None;
        }
        let mut link = Self::default();
        if fragment.len() > MAX_FRAGMENT {
            return Some((link, Some(Text::key("link-too-long"))));
        }
        let mut wrong: Vec<&str> = vec![];
        for pair in fragment.split('&') {
            let Some((key, value)) = pair.split_once('=') else { continue };
            let value = percent_decode_str(value).decode_utf8().ok();
            let value = value.filter(|value| value.len() <= MAX_VALUE && !value.contains(char::is_control));
            // A key of a newer page is none of this one's business; a value that this one does not take is.
            let key = KEYS.iter().chain(&Question::KEYS).find(|known| **known == key);
            if let Some(key) = key
                && value.and_then(|value| link.set(key, &value)).is_none()
            {
                wrong.push(key);
            }
        }
        let left_out = || Text::Own("link-not-understood", vec![("keys", wrong.join(", "))]);
        Some((link, (!wrong.is_empty()).then(left_out)))
    }

    fn set(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "model" => self.model = Some(text(value)?),
            "hash" => self.hash = Some(id(value).filter(|hash| hash.len() >= 8)?),
            "picture" if value == "own" => self.picture = Some(LinkPicture::Own),
            "picture" => self.picture = Some(LinkPicture::Example(id(value.strip_prefix("example-")?)?)),
            "technique" => {
                let (technique, _) = Technique::ALL.into_iter().find(|(_, name)| *name == value)?;
                self.technique = Some(technique);
            }
            "class" => self.class = Some(within(value, 0, 1_000_000)?),
            "layer" => self.layer = Some(text(value)?),
            "channel" => self.channel = Some(within(value, 0, 1_000_000)?),
            "signed" => self.signed = matches!(value, "0" | "1").then_some(value == "1")?,
            _ => return Rc::make_mut(&mut self.question).set(key, value),
        }
        Some(())
    }
}

/// All keys of a link but those of its [`Question`].
const KEYS: [&str; 8] = ["model", "hash", "picture", "technique", "class", "layer", "signed", "channel"];
