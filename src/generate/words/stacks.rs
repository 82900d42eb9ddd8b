//! What posts are written for, the ones that people write most about first.

/// A stack, and what belongs to it.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::generate) struct Stack {
    pub(in crate::generate) name: &'static str,
    pub(in crate::generate) language: &'static str,
    pub(in crate::generate) area: &'static str,
    pub(in crate::generate) tools: &'static [&'static str],
}

const fn stack(
    name: &'static str,
    language: &'static str,
    area: &'static str,
    tools: &'static [&'static str],
) -> Stack {
    Stack { name, language, area, tools }
}

pub(in crate::generate) const STACKS: &[Stack] = &[
    stack("python workers", "python", "backend", &["pytest", "celery", "mypy", "uv", "gunicorn"]),
    stack("django", "python", "backend", &["django-admin", "pytest", "gunicorn", "ruff"]),
    stack("react", "typescript", "frontend", &["vite", "eslint", "playwright", "storybook"]),
    stack("node services", "typescript", "backend", &["pnpm", "vitest", "pino", "tsx"]),
    stack("postgresql", "sql", "data", &["psql", "pg_dump", "pgbouncer", "pg_stat_statements"]),
    stack("kubernetes", "yaml", "platform", &["kubectl", "helm", "kustomize", "k9s"]),
    stack("rust services", "rust", "backend", &["cargo", "clippy", "tokio-console", "miri"]),
    stack("go services", "go", "backend", &["go test", "pprof", "golangci-lint", "delve"]),
    stack("laravel", "php", "backend", &["artisan", "composer", "phpunit", "phpstan"]),
    stack("spring boot", "java", "backend", &["gradle", "junit", "jfr", "flyway"]),
    stack("docker images", "dockerfile", "platform", &["buildx", "dive", "hadolint", "trivy"]),
    stack("terraform", "hcl", "platform", &["tflint", "terragrunt", "checkov", "infracost"]),
    stack("vue", "typescript", "frontend", &["vite", "pinia", "vitest", "cypress"]),
    stack("redis", "lua", "data", &["redis-cli", "redis-benchmark", "twemproxy"]),
    stack("rails", "ruby", "backend", &["bundler", "rspec", "rubocop", "sidekiq"]),
    stack("wordpress plugins", "php", "content", &["wp-cli", "phpcs", "composer", "query monitor"]),
    stack("github actions", "yaml", "delivery", &["act", "actionlint", "gh"]),
    stack("aspnet core", "csharp", "backend", &["dotnet", "xunit", "benchmarkdotnet", "serilog"]),
    stack("kafka consumers", "kotlin", "data", &["kcat", "kafka-topics", "testcontainers"]),
    stack("shell scripts", "bash", "operations", &["shellcheck", "shfmt", "bats", "jq"]),
    stack("android apps", "kotlin", "mobile", &["gradle", "adb", "espresso", "leakcanary"]),
    stack("swift apps", "swift", "mobile", &["xcodebuild", "swiftlint", "instruments"]),
    stack("elixir services", "elixir", "backend", &["mix", "dialyzer", "observer", "credo"]),
    stack("graphql gateways", "typescript", "backend", &["rover", "graphql-inspector", "k6"]),
    stack("elasticsearch", "json", "search", &["curl", "elasticdump", "kibana", "rally"]),
    stack("ansible", "yaml", "operations", &["ansible-lint", "molecule", "vault"]),
    stack("data pipelines", "python", "data", &["dbt", "airflow", "duckdb", "great expectations"]),
    stack("mysql", "sql", "data", &["mysqldump", "gh-ost", "pt-query-digest", "mysqltuner"]),
    stack("nginx", "nginx", "operations", &["curl", "goaccess", "certbot", "wrk"]),
    stack("svelte", "typescript", "frontend", &["vite", "svelte-check", "playwright"]),
    stack("embedded firmware", "c", "devices", &["openocd", "gdb", "cppcheck", "ceedling"]),
    stack("static sites", "markdown", "content", &["hugo", "pagefind", "lychee", "vale"]),
    stack("machine learning services", "python", "data", &["mlflow", "onnxruntime", "pytest"]),
    stack("scala jobs", "scala", "data", &["sbt", "scalafmt", "spark-submit"]),
    stack("sqlite", "sql", "data", &["sqlite3", "litestream", "sqldiff"]),
    stack("cpp libraries", "cpp", "systems", &["cmake", "clang-tidy", "valgrind", "catch2"]),
    stack("webassembly modules", "rust", "frontend", &["wasm-pack", "wasm-opt", "wasmtime"]),
    stack("erlang clusters", "erlang", "backend", &["rebar3", "recon", "proper"]),
    stack("perl scripts", "perl", "operations", &["prove", "perltidy", "carton"]),
    stack("zig tools", "zig", "systems", &["zig build", "zls", "perf"]),
];
