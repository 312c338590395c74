//! TLS 1.2 or newer; certificate and name are checked against the system's roots and the desk's own.

use std::sync::Arc;

use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};

use super::wire::Transport;
use super::{OpenError, Server};
use crate::domain::visible;

/// How to encrypt towards one server.
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
    host: String,
}

impl Tls {
    pub fn new(server: &Server) -> Result<Self, OpenError> {
        let host = server.host.clone();
        let failed = |reason: String| OpenError::Tls { host: server.host.clone(), reason };
        let provider = Arc::new(aws_lc_rs::default_provider());
        let roots = match &server.roots {
            Some(pem) => roots(pem).ok_or(OpenError::Roots)?,
            None => Vec::new(),
        };
        let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider)).map_err(|error| match server.roots {
            Some(_) => OpenError::Roots,
            None => failed(error.to_string()),
        })?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let name = ServerName::try_from(host.clone()).map_err(|error| failed(error.to_string()))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name, host })
    }

    pub async fn encrypt(&self, clear: Box<dyn Transport>) -> Result<TlsStream<Box<dyn Transport>>, OpenError> {
        let encrypted = self.connector.connect(self.name.clone(), clear).await;
        encrypted.map_err(|error| OpenError::Tls { host: self.host.clone(), reason: visible(&error.to_string()) })
    }
}

/// The certificates of a file; none where it holds none, or something else.
fn roots(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().ok().filter(|roots| !roots.is_empty())
}
