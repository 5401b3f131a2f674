//! Notices to the person, and their language.

use super::{Effect, State};
use convscope_core::error::Fault;

/// Notices to the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeState {
    /// The language.
    pub language: Language,
    /// Message about what went wrong last.
    pub message: Option<Message>,
    /// Quiet line, which asks for nothing: about the image that is seen, or a run that was dropped.
    pub line: Option<Text>,
}

/// Action on the notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeAction {
    /// Choose another language.
    ChooseLanguage(Language),
    /// Something could not be done on the page itself.
    Failed(Text),
    /// A newer version of the page waits for this one to be closed.
    NewVersion,
    /// The message has been read.
    Dismiss,
    /// The button beside the message.
    Retry,
}

/// Remedy that a message offers to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// No remedy: the message can only be read.
    None,
    /// Load the list of models again.
    ListAgain,
    /// Load the model again.
    OpenAgain,
    /// Start another worker.
    Restart,
    /// Load the page again.
    Reload,
}

/// The language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All of them, with what they call themselves.
    pub const ALL: [(Self, &'static str); 2] = [(Self::English, "English"), (Self::Chinese, "简体中文")];

    /// Tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }

    /// The language that a tag such as `zh-CN` asks for, if it is one of ours.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }
}

/// Text of what is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// A sentence of the page's catalogue: its key, and the values in it.
    Own(&'static str, Vec<(&'static str, String)>),
    /// Fault in the engine.
    Engine(Fault),
    /// One after the other.
    All(Vec<Text>),
}

impl Text {
    /// A sentence without values.
    pub fn key(key: &'static str) -> Self {
        Self::Own(key, vec![])
    }

    /// Code of what is said, or of the first of it.
    pub fn code(&self) -> &str {
        match self {
            Self::Own(key, _) => key,
            Self::Engine(fault) => fault.code(),
            Self::All(texts) => texts.first().map_or("", Self::code),
        }
    }
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One sentence.
    pub text: Text,
    /// Remedy that the button beside it offers.
    pub recovery: Recovery,
}

impl State {
    pub(super) fn change_notice(&mut self, action: NoticeAction) -> Vec<Effect> {
        match action {
            NoticeAction::ChooseLanguage(language) => {
                self.notice.language = language;
                vec![Effect::Speak(language)]
            }
            NoticeAction::Failed(text) => self.fail(text, Recovery::None),
            // What went wrong is more urgent; it is said again at the next visit.
            NoticeAction::NewVersion if self.notice.message.is_some() => vec![],
            NoticeAction::NewVersion => self.fail(Text::key("new-version"), Recovery::Reload),
            NoticeAction::Dismiss => {
                self.notice.message = None;
                vec![]
            }
            NoticeAction::Retry => self.retry(),
        }
    }

    fn retry(&mut self) -> Vec<Effect> {
        let recovery = self.notice.message.take().map_or(Recovery::None, |message| message.recovery);
        match recovery {
            Recovery::None => vec![],
            Recovery::ListAgain => vec![Effect::List],
            Recovery::OpenAgain => self.open_again(),
            Recovery::Restart => self.restart(),
            Recovery::Reload => vec![Effect::Reload],
        }
    }

    /// Says that something went wrong, with what helps.
    pub(super) fn fail(&mut self, text: Text, recovery: Recovery) -> Vec<Effect> {
        self.notice.message = Some(Message { text, recovery });
        vec![]
    }
}
