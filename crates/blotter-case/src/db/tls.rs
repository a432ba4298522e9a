//! The encrypted connection to a server.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::DbError;

/// What encrypts a connection, and checks that the server is who its name says: against the certificates that the system trusts,
/// or those of the file that the variable `SSL_CERT_FILE` names.
///
/// # Errors
/// There are no such certificates.
pub fn connector() -> Result<MakeRustlsConnect, DbError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (known, _) = roots.add_parsable_certificates(found.certs);
    if known == 0 {
        let words =
            "no certificates are trusted here, by which a server could be known (SSL_CERT_FILE names a file of some)";
        return Err(DbError::Tls(words.to_owned()));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| DbError::Tls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
