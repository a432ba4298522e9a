//! Weight files that are not right are refused with a reason that names the tensor.

use std::collections::HashMap;

use blotter_nn::{Model, WeightError};
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;

const SMALL: &[u8] = include_bytes!("fixtures/small.safetensors");

/// The fixture with its tensors and manifest changed.
fn changed(
    tensors: impl FnOnce(&mut HashMap<String, TensorView<'_>>),
    manifest: impl FnOnce(String) -> Option<String>,
) -> Vec<u8> {
    let (_, header) = SafeTensors::read_metadata(SMALL).expect("fixture");
    let text = header.metadata().as_ref().expect("metadata")["manifest"].clone();
    let file = SafeTensors::deserialize(SMALL).expect("fixture");
    let mut views: HashMap<String, TensorView<'_>> = file.tensors().into_iter().collect();
    tensors(&mut views);
    let metadata = manifest(text).map(|text| HashMap::from([("manifest".to_owned(), text)]));
    safetensors::serialize(views, metadata).expect("serializes")
}

fn fault(bytes: &[u8]) -> String {
    match Model::from_bytes(bytes) {
        Ok(_) => panic!("loaded"),
        Err(fault) => fault.to_string(),
    }
}

#[test]
fn a_missing_tensor_is_named() {
    let bytes = changed(|t| drop(t.remove("layers.1.up.scale")), Some);
    assert_eq!(fault(&bytes), "tensor `layers.1.up.scale`: missing");
}

#[test]
fn a_wrong_shape_is_named() {
    let bytes = changed(|_| {}, |m| Some(m.replace("\"I-place\"", "\"I-place\", \"B-date\"")));
    assert_eq!(fault(&bytes), "tensor `heads.mention.weight`: shape [5, 64], expected [6, 64]");
}

#[test]
fn a_wrong_type_is_named() {
    let floats = vec![0u8; 128 * 64 * 4];
    let bytes = {
        let (_, header) = SafeTensors::read_metadata(SMALL).expect("fixture");
        let file = SafeTensors::deserialize(SMALL).expect("fixture");
        let mut views: HashMap<String, TensorView<'_>> = file.tensors().into_iter().collect();
        let view = TensorView::new(safetensors::Dtype::F32, vec![128, 64], &floats).expect("view");
        views.insert("layers.0.up".to_owned(), view);
        safetensors::serialize(views, header.metadata().clone()).expect("serializes")
    };
    assert_eq!(fault(&bytes), "tensor `layers.0.up`: type F32, expected I8");
}

#[test]
fn a_damaged_file_or_manifest_is_refused() {
    assert!(matches!(Model::from_bytes(b""), Err(WeightError::Container(_))));
    assert!(matches!(Model::from_bytes(&SMALL[..SMALL.len() - 1]), Err(WeightError::Container(_))));
    assert_eq!(fault(&changed(|_| {}, |_| None)), "manifest: missing");
    for (from, to) in [("\"attention_heads\": 2", "\"attention_heads\": 5"), ("\"headline\": 12", "\"headline\": 60")] {
        let bytes = changed(|_| {}, |m| Some(m.replace(from, to)));
        assert!(matches!(Model::from_bytes(&bytes), Err(WeightError::Manifest(_))), "{to}");
    }
    let bytes = changed(|_| {}, |m| Some(m.replace("\"window\": 64", "\"window\": 65")));
    assert_eq!(fault(&bytes), "tensor `embeddings.position`: 64 positions, the window has 65");
}
