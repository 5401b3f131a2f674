//! A view as the fragment of the page's address, `#model=..&class=..`, and back. A fragment comes from whoever made the link: what is
//! not understood is left out with a sentence, and nothing of it is shown or asked before it has been checked.

use convscope_core::explain::Convention;
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
    pub question: Question,
}

/// A number that a link may ask for: as small and as large as the page's own fields let it be.
fn within(text: &str, least: usize, most: usize) -> Option<usize> {
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

/// The name of a value that is written as a word.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The value of that name.
fn named<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.into())).ok()
}

/// The ids of methods, conventions and examples, and the beginnings of hashes.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

impl Link {
    /// The fragment, without its `#`.
    pub fn encode(&self) -> String {
        let (usual, question) = (Question::default(), &self.question);
        let picture = self.picture.as_ref().map(|picture| match picture {
            LinkPicture::Example(id) => format!("example-{id}"),
            LinkPicture::Own => "own".into(),
        });
        let other = |differs: bool, value: String| differs.then_some(value);
        let pairs = [
            ("model", self.model.clone()),
            ("hash", self.hash.as_ref().map(|hash| hash.chars().take(HASH).collect())),
            ("picture", picture),
            ("technique", self.technique.map(|technique| technique.name().into())),
            ("class", self.class.map(|class| class.to_string())),
            ("layer", self.layer.clone()),
            ("method", Some(question.method.clone())),
            ("convention", Some(question.convention.clone())),
            ("seed", Some(question.seed.to_string())),
            // What follows is said only where it is not as usual.
            ("signed", other(self.signed, "1".into())),
            ("channel", self.channel.map(|channel| channel.to_string())),
            ("scaling", other(question.scaling != usual.scaling, word(&question.scaling))),
            ("channels", other(question.channels != usual.channels, question.channels.clone())),
            ("mode", other(question.mode != usual.mode, word(&question.mode))),
            ("rule", other(question.rule != usual.rule, word(&question.rule))),
            ("filters", other(question.filters != usual.filters, question.filters.clone())),
            ("size", other(question.size != usual.size, question.size.to_string())),
            ("steps", other(question.steps != usual.steps, question.steps.to_string())),
            ("way", other(question.climbing != usual.climbing, word(&question.climbing))),
            ("colours", other(question.colours != usual.colours, word(&question.colours))),
        ];
        let pair =
            |(key, value): (&str, Option<String>)| Some(format!("{key}={}", utf8_percent_encode(&value?, ESCAPED)));
        pairs.into_iter().filter_map(pair).collect::<Vec<_>>().join("&")
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
            let key = KEYS.iter().find(|known| **known == key);
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
        let question = &mut self.question;
        let id = |value: &str| is_id(value).then(|| value.to_owned());
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
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
            // The worker knows the methods, and says which there are.
            "method" => question.method = id(value)?,
            "convention" => question.convention = Convention::named(value).ok()?.name.into(),
            "seed" => question.seed = value.parse().ok()?,
            "signed" => self.signed = matches!(value, "0" | "1").then_some(value == "1")?,
            "scaling" => question.scaling = named(value)?,
            "channels" => question.channels = text(value)?,
            "mode" => question.mode = named(value)?,
            "rule" => question.rule = named(value)?,
            "filters" => question.filters = text(value)?,
            "size" => question.size = within(value, 8, 256)?,
            "steps" => question.steps = within(value, 1, 512)?,
            "way" => question.climbing = named(value)?,
            "colours" => question.colours = named(value)?,
            _ => return None,
        }
        Some(())
    }
}

/// All keys of a link.
const KEYS: [&str; 20] = [
    "model",
    "hash",
    "picture",
    "technique",
    "class",
    "layer",
    "method",
    "convention",
    "seed",
    "signed",
    "channel",
    "scaling",
    "channels",
    "mode",
    "rule",
    "filters",
    "size",
    "steps",
    "way",
    "colours",
];
