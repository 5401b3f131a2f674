//! Models that a person gives the page.

use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::import_message::{
    ImportAnswers, ImportDetails, ImportGuess, ImportLabels, ImportMessage, ImportStage,
};
use convscope_core::model::Packing;
use convscope_core::preprocess::{Channels, Preset};

use super::*;
use crate::Detail;

fn file() -> FileHandle {
    FileHandle { file: std::rc::Rc::new(()), name: "net.onnx".into(), path: String::new(), bytes: 7, modified: 0 }
}

fn guess() -> ImportGuess {
    ImportGuess {
        id: "net".into(),
        name: "net".into(),
        packed: false,
        by_recipe: false,
        input: [224, 224],
        preset: Some(Preset::Torchvision),
        taken: ImportDetails::from(&Preset::Torchvision.preprocessing([224, 224])),
        logits: Some("fc".into()),
        last: vec!["softmax".into(), "fc".into()],
        classes: 2,
        labels: vec!["class_0".into(), "class_1".into()],
        notes: vec![],
    }
}

fn refusal() -> Fault {
    fault!("weights-unknown", "it is none of the kinds")
}

fn said(message: ImportMessage) -> ImportAction {
    ImportAction::Said(message)
}

fn form(state: &State) -> &ImportForm {
    match &state.import.step {
        Some(ImportStep::Asking(form)) => form,
        other => panic!("{other:?}"),
    }
}

/// A page whose file has been read.
fn asking() -> State {
    let mut state = settled();
    assert_eq!(state.apply(ImportAction::Given(vec![file()])), [Effect::Import(vec![file()])]);
    let reading = ImportMessage::Progress { stage: ImportStage::Reading, done: 3, total: 7 };
    assert_eq!(state.apply(said(reading)), []);
    assert!(matches!(state.import.step, Some(ImportStep::Working { stage: ImportStage::Reading, done: 3, .. })));
    assert_eq!(state.apply(said(ImportMessage::Guess(Box::new(guess())))), []);
    state
}

#[test]
fn a_model_is_read_asked_about_packed_and_opened() {
    let mut state = asking();
    assert_eq!((form(&state).id.as_str(), form(&state).packing), ("net", Packing::Int8));
    let answers = [
        ImportAction::Name("birds".into()),
        ImportAction::Preset(Some(Preset::Tf)),
        ImportAction::Side(Some(96)),
        ImportAction::Labels(LabelSource::Own),
        ImportAction::Names(" tit \n\nwren\n".into()),
        ImportAction::Packing(Packing::F16),
        ImportAction::Detail(Detail::Mean, "0.5, 0.25 ,1".into()),
        ImportAction::Detail(Detail::Std, "2".into()),
        ImportAction::Detail(Detail::ShortSide, "0".into()),
        ImportAction::Detail(Detail::Channels, "bgr".into()),
        ImportAction::Detail(Detail::Logits, "fc".into()),
    ];
    answers.into_iter().for_each(|answer| assert_eq!(state.apply(answer), []));
    let asked = ImportAnswers {
        id: "own-birds".into(),
        preset: Some(Preset::Tf),
        side: Some(96),
        labels: Some(ImportLabels::Names(vec!["tit".into(), "wren".into()])),
        packing: Packing::F16,
        details: ImportDetails {
            channels: Some(Channels::Bgr),
            short_side: Some(0),
            mean: Some([0.5, 0.25, 1.0]),
            std: Some([2.0; 3]),
            logits: Some("fc".into()),
            ..ImportDetails::default()
        },
    };
    assert_eq!(state.apply(ImportAction::Pack), [Effect::PackImport(asked)]);
    assert_eq!(state.apply(ImportAction::Pack), [], "it is being packed");
    let kept = ImportMessage::Kept { id: "own-birds".into(), name: "birds".into(), bytes: 5 };
    let effects = state.apply(said(kept));
    assert_eq!(effects[0], Effect::EndImport);
    let (_, command) = sent(&effects);
    assert_eq!(command, &Command::Open { model: "own-birds".into(), device: Choice::Auto });
    assert_eq!((state.import.step.as_ref(), state.model.list.len()), (None, 3));
}

#[test]
fn an_id_that_is_taken_gets_a_number() {
    let mut state = asking();
    state.apply(ImportAction::Pack);
    state.apply(said(ImportMessage::Kept { id: "own-net".into(), name: "net".into(), bytes: 5 }));
    state.apply(ImportAction::Given(vec![file()]));
    state.apply(said(ImportMessage::Guess(Box::new(guess()))));
    assert_eq!(form(&state).id, "net-2");
}

#[test]
fn what_is_no_model_is_said_and_the_page_goes_on() {
    let mut state = settled();
    let before = state.clone();
    state.apply(ImportAction::Given(vec![file()]));
    assert_eq!(state.apply(said(ImportMessage::Failed(refusal()))), [Effect::EndImport]);
    assert_eq!(state.import.step, Some(ImportStep::Failed(Text::Engine(refusal()))));
    // A late word of it changes nothing.
    assert_eq!(state.apply(said(ImportMessage::Guess(Box::new(guess())))), []);
    assert_eq!(state.apply(ImportAction::Close), [Effect::EndImport]);
    assert_eq!(state, before);
    state.apply(ImportAction::Given(vec![file()]));
    state.apply(said(ImportMessage::Crashed("out of memory".into())));
    let why = Text::Own("import-crashed", vec![("why", "out of memory".into())]);
    assert_eq!(state.import.step, Some(ImportStep::Failed(why)));
}

#[test]
fn answers_that_do_not_fit_are_asked_again() {
    let mut state = asking();
    state.apply(ImportAction::Preset(Some(Preset::Caffe)));
    state.apply(ImportAction::Pack);
    assert_eq!(state.apply(said(ImportMessage::Failed(refusal()))), []);
    assert_eq!((form(&state).preset, form(&state).refused.as_ref()), (Some(Preset::Caffe), Some(&refusal())));
}

#[test]
fn a_model_that_is_deleted_is_not_offered() {
    let mut state = asking();
    state.apply(ImportAction::Pack);
    state.apply(said(ImportMessage::Kept { id: "own-net".into(), name: "net".into(), bytes: 5 }));
    let effects = state.apply(ModelAction::Forgotten("own-net".into()));
    let (_, command) = sent(&effects);
    assert_eq!(command, &Command::Open { model: "small".into(), device: Choice::Auto });
    assert_eq!(state.model.list.len(), 2);
    // Those of the server are there still.
    assert_eq!(state.apply(ModelAction::Forgotten("large".into())), []);
    assert_eq!(state.model.list.len(), 2);
}

#[test]
fn what_is_no_number_is_said_and_nothing_is_packed() {
    let mut state = asking();
    let taken = &form(&state).guess.taken;
    let said: Vec<String> = Detail::ALL.iter().map(|detail| detail.of(taken, Some("fc"))).collect();
    assert_eq!(said[0..2], ["rgb", "256"]);
    assert_eq!(said[3..], ["0.485, 0.456, 0.406", "0.229, 0.224, 0.225", "fc"]);
    for (detail, text) in
        [(Detail::Mean, "1, 2"), (Detail::Scale, "one"), (Detail::ShortSide, "-3"), (Detail::Std, "inf")]
    {
        state.apply(ImportAction::Detail(detail, text.into()));
        assert_eq!(state.apply(ImportAction::Pack), [], "{text}");
        assert_eq!(form(&state).refused.as_ref().map(Fault::code), Some("import-number"));
        state.apply(ImportAction::Detail(detail, String::new()));
    }
    assert!(matches!(state.apply(ImportAction::Pack)[..], [Effect::PackImport(_)]));
}

#[test]
fn weights_alone_are_read_as_the_network_that_a_person_names() {
    let mut state = settled();
    state.apply(ImportAction::Given(vec![file()]));
    let architectures = vec!["alexnet".to_owned(), "vgg11".to_owned()];
    assert_eq!(state.apply(said(ImportMessage::Unknown { why: refusal(), architectures })), []);
    assert!(matches!(&state.import.step, Some(ImportStep::Unknown { architectures, .. }) if architectures.len() == 2));
    assert_eq!(state.apply(ImportAction::Pack), [], "there is nothing to pack");
    assert_eq!(state.apply(ImportAction::Architecture("vgg11".into())), [Effect::ReadImport("vgg11".into())]);
    state.apply(said(ImportMessage::Guess(Box::new(guess()))));
    let effects = state.apply(ImportAction::Pack);
    let [Effect::PackImport(answers)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(answers.details.architecture.as_deref(), Some("vgg11"));
}
