//! TLS 1.2 or newer; certificate and name are checked against the system's roots and the desk's own.

use std::sync::Arc;

use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};

use super::Transport;
use crate::domain::visible;

/// How to encrypt towards one server.
pub(in crate::mail) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

/// Why nothing is encrypted.
#[derive(Debug)]
pub(in crate::mail) enum TlsError {
    /// The extra root certificates cannot be read.
    Roots,
    Failed(String),
}

impl Tls {
    /// Towards a host, with certificates in PEM to trust beside the system's.
    pub fn new(host: &str, roots: Option<&[u8]>) -> Result<Self, TlsError> {
        let failed = |reason: String| TlsError::Failed(reason);
        let provider = Arc::new(aws_lc_rs::default_provider());
        let own = match roots {
            Some(pem) => certificates(pem).ok_or(TlsError::Roots)?,
            None => Vec::new(),
        };
        let verifier = Verifier::new_with_extra_roots(own, Arc::clone(&provider)).map_err(|error| match roots {
            Some(_) => TlsError::Roots,
            None => failed(error.to_string()),
        })?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(|error| failed(error.to_string()))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }

    pub async fn encrypt(&self, clear: Box<dyn Transport>) -> Result<TlsStream<Box<dyn Transport>>, TlsError> {
        let encrypted = self.connector.connect(self.name.clone(), clear).await;
        encrypted.map_err(|error| TlsError::Failed(visible(&error.to_string())))
    }
}

/// The certificates of a file; none where it holds none, or something else.
fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().ok().filter(|roots| !roots.is_empty())
}
