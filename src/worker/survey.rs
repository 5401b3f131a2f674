//! Steps of a survey, beside what is seen.

use super::forward::Forward;
use super::{Worker, WorkerContext};
use crate::error::{Error, Result};
use crate::explain::Convention;
use crate::export::sha256;
use crate::fault;
use crate::image::Image;
use crate::methods::method;
use crate::observation::Observation;
use crate::protocol::Event;
use crate::survey::{Surveyed, Task, picture, suspects};
use crate::surveyed::find;

impl Worker {
    /// Takes a step of a survey, of an image's file where it is about one.
    pub(super) async fn survey(
        &self,
        task: &Task,
        file: Option<&[u8]>,
        context: &impl WorkerContext,
        start: f64,
    ) -> Result<()> {
        let model = self.model()?;
        let preprocessing = &model.manifest.preprocessing;
        let file = || file.ok_or_else(|| Error::Request(fault!("survey-no-file", "a survey looks at files; give one")));
        let forward = Forward::new(context);
        let surveyed = match task {
            Task::Find { request, known } => {
                let file = file()?;
                let sha256 = sha256(file);
                if known.contains(&Task::beginning(&sha256)) {
                    Surveyed::Found { sha256, found: None, picture: vec![] }
                } else {
                    let seen = model.observe_async(Image::decode(file)?).await?;
                    let found = find(&seen, request, &[], &[], &forward).await?;
                    let variant =
                        method(&request.method)?.card().variant(&request.convention).map_err(Error::Request)?;
                    let convention = Convention::named(&variant.name)?;
                    let picture = picture(seen.image(), &found, preprocessing, convention)?;
                    Surveyed::Found { sha256, found: Some(found), picture }
                }
            }
            Task::Suspect(found) => Surveyed::Suspects(suspects(found)),
            Task::Patches(suspect) => Surveyed::Patches(suspect.patches(&preprocessing.view(&Image::decode(file()?)?))),
            Task::Cover { class, place } => {
                let seen: Observation = model.observe_async(Image::decode(file()?)?).await?;
                Surveyed::Covered(seen.hangs_on_async(*class, place).await?)
            }
        };
        context.emit(Event::Surveyed(surveyed));
        context.emit(Event::Done { seconds: context.now() - start });
        Ok(())
    }
}
