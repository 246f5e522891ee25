//! An AWS behind TLS: what comes in by `https://localhost` goes on to the one of the world.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A door that speaks TLS.
pub(crate) struct Door {
    /// Its address.
    pub(crate) endpoint: String,
    /// The file with the root that its clients must trust.
    pub(crate) certificates: PathBuf,
}

impl Door {
    /// Opens one in front of `behind`, with a root of its own in a file of `folder`.
    pub(crate) async fn open(behind: SocketAddr, folder: &Path) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names are good names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("randomness")).expect("a root");
        let key = KeyPair::generate().expect("randomness");
        let leaf = CertificateParams::new(vec!["localhost".to_owned()]).expect("a good name");
        let leaf = leaf.signed_by(&key, &root).expect("a leaf");
        std::fs::create_dir_all(folder).expect("a folder below target/");
        let certificates = folder.join("root.pem");
        std::fs::write(&certificates, root.pem()).expect("a file below target/");
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .expect("a key that fits its certificate");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port of this machine");
        let port = listener.local_addr().expect("the address of a socket that is bound").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    if let (Ok(mut inside), Ok(mut outside)) =
                        (acceptor.accept(stream).await, TcpStream::connect(behind).await)
                    {
                        let _ = tokio::io::copy_bidirectional(&mut inside, &mut outside).await;
                    }
                });
            }
        });
        Self { endpoint: format!("https://localhost:{port}"), certificates }
    }
}
