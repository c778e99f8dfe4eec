class EtcdTlsAudit < Formula
  desc "Predicts what etcd will do with its certificates, keys and TLS settings"
  homepage "https://github.com/etcd-tls-audit/etcd-tls-audit"
  url "https://github.com/etcd-tls-audit/etcd-tls-audit/releases/download/v{version}/etcd-tls-audit-{version}.tgz"
  sha256 "{npm}"
  license "Apache-2.0"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink Dir["#{libexec}/bin/*"]
    generate_completions_from_executable(bin/"etcd-tls-audit", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_equal version.to_s, shell_output("#{bin}/etcd-tls-audit --version").strip
    system "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
           "-subj", "/CN=etcd", "-keyout", "key.pem", "-out", "cert.pem"
    assert_match "CN=etcd", shell_output("#{bin}/etcd-tls-audit certs cert.pem")
  end
end
