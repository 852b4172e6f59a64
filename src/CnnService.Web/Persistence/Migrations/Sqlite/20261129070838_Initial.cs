using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CnnService.Web.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "alias_moves",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    alias = table.Column<string>(type: "TEXT", nullable: false),
                    from = table.Column<int>(type: "INTEGER", nullable: true),
                    to = table.Column<int>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    by = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alias_moves", x => new { x.model, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "aliases",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    alias = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    before = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_aliases", x => new { x.model, x.alias });
                });

            migrationBuilder.CreateTable(
                name: "captured",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    label = table.Column<string>(type: "TEXT", nullable: false),
                    probability = table.Column<double>(type: "REAL", nullable: false),
                    uncertainty = table.Column<double>(type: "REAL", nullable: false),
                    top = table.Column<string>(type: "TEXT", nullable: false),
                    media_type = table.Column<string>(type: "TEXT", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    captured_at = table.Column<long>(type: "INTEGER", nullable: false),
                    labelled = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_captured", x => new { x.model, x.id });
                });

            migrationBuilder.CreateTable(
                name: "captures",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    share = table.Column<double>(type: "REAL", nullable: false),
                    max_images = table.Column<int>(type: "INTEGER", nullable: false),
                    max_bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    since = table.Column<long>(type: "INTEGER", nullable: false),
                    dropped = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_captures", x => x.model);
                });

            migrationBuilder.CreateTable(
                name: "classify_jobs",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    dataset = table.Column<string>(type: "TEXT", nullable: false),
                    digest = table.Column<string>(type: "TEXT", nullable: false),
                    split = table.Column<string>(type: "TEXT", nullable: true),
                    images_per_second = table.Column<double>(type: "REAL", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: true),
                    lease_until = table.Column<long>(type: "INTEGER", nullable: false),
                    fence = table.Column<int>(type: "INTEGER", nullable: false),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    tries_without_progress = table.Column<int>(type: "INTEGER", nullable: false),
                    cancel_requested = table.Column<bool>(type: "INTEGER", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    done = table.Column<int>(type: "INTEGER", nullable: false),
                    total = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_classify_jobs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "comparisons",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    model_a = table.Column<string>(type: "TEXT", nullable: false),
                    version_a = table.Column<int>(type: "INTEGER", nullable: false),
                    model_b = table.Column<string>(type: "TEXT", nullable: false),
                    version_b = table.Column<int>(type: "INTEGER", nullable: false),
                    dataset = table.Column<string>(type: "TEXT", nullable: false),
                    split = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: true),
                    lease_until = table.Column<long>(type: "INTEGER", nullable: false),
                    fence = table.Column<int>(type: "INTEGER", nullable: false),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    tries_without_progress = table.Column<int>(type: "INTEGER", nullable: false),
                    cancel_requested = table.Column<bool>(type: "INTEGER", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    done = table.Column<int>(type: "INTEGER", nullable: false),
                    total = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_comparisons", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "datasets",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    import = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: true),
                    lease_until = table.Column<long>(type: "INTEGER", nullable: false),
                    fence = table.Column<int>(type: "INTEGER", nullable: false),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    tries_without_progress = table.Column<int>(type: "INTEGER", nullable: false),
                    cancel_requested = table.Column<bool>(type: "INTEGER", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    done = table.Column<int>(type: "INTEGER", nullable: false),
                    total = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_datasets", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "epochs",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    epoch = table.Column<int>(type: "INTEGER", nullable: false),
                    loss = table.Column<double>(type: "REAL", nullable: true),
                    accuracy = table.Column<double>(type: "REAL", nullable: true),
                    validation_loss = table.Column<double>(type: "REAL", nullable: true),
                    validation_accuracy = table.Column<double>(type: "REAL", nullable: true),
                    learning_rate = table.Column<double>(type: "REAL", nullable: false),
                    seconds = table.Column<double>(type: "REAL", nullable: false),
                    images_per_second = table.Column<double>(type: "REAL", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_epochs", x => new { x.run_id, x.epoch });
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    body_hash = table.Column<string>(type: "TEXT", nullable: false),
                    resource = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_idempotency_keys", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "model_versions",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    run_id = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_model_versions", x => new { x.model, x.version });
                });

            migrationBuilder.CreateTable(
                name: "models",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    highest_version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_models", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "run_events",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    data = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run_events", x => new { x.run_id, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "runs",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    request = table.Column<string>(type: "TEXT", nullable: false),
                    plan = table.Column<string>(type: "TEXT", nullable: false),
                    dataset = table.Column<string>(type: "TEXT", nullable: false),
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: true),
                    sweep_id = table.Column<string>(type: "TEXT", nullable: true),
                    epoch = table.Column<int>(type: "INTEGER", nullable: false),
                    epochs = table.Column<int>(type: "INTEGER", nullable: false),
                    step = table.Column<int>(type: "INTEGER", nullable: false),
                    steps = table.Column<int>(type: "INTEGER", nullable: false),
                    images_per_second = table.Column<double>(type: "REAL", nullable: false),
                    eta_seconds = table.Column<double>(type: "REAL", nullable: true),
                    device = table.Column<string>(type: "TEXT", nullable: true),
                    precision = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: true),
                    lease_until = table.Column<long>(type: "INTEGER", nullable: false),
                    fence = table.Column<int>(type: "INTEGER", nullable: false),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    tries_without_progress = table.Column<int>(type: "INTEGER", nullable: false),
                    cancel_requested = table.Column<bool>(type: "INTEGER", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_runs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "served_counts",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    hour = table.Column<long>(type: "INTEGER", nullable: false),
                    label = table.Column<string>(type: "TEXT", nullable: false),
                    tenth = table.Column<int>(type: "INTEGER", nullable: false),
                    count = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_served_counts", x => new { x.model, x.version, x.hour, x.label, x.tenth });
                });

            migrationBuilder.CreateTable(
                name: "shadow_counts",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    served = table.Column<int>(type: "INTEGER", nullable: false),
                    candidate = table.Column<int>(type: "INTEGER", nullable: false),
                    served_class = table.Column<string>(type: "TEXT", nullable: false),
                    candidate_class = table.Column<string>(type: "TEXT", nullable: false),
                    count = table.Column<long>(type: "INTEGER", nullable: false),
                    difference = table.Column<double>(type: "REAL", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shadow_counts", x => new { x.model, x.served, x.candidate, x.served_class, x.candidate_class });
                });

            migrationBuilder.CreateTable(
                name: "shadows",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    alias = table.Column<string>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: true),
                    share = table.Column<double>(type: "REAL", nullable: false),
                    since = table.Column<long>(type: "INTEGER", nullable: false),
                    dropped = table.Column<long>(type: "INTEGER", nullable: false),
                    failed = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shadows", x => x.model);
                });

            migrationBuilder.CreateTable(
                name: "sweep_trials",
                columns: table => new
                {
                    sweep_id = table.Column<string>(type: "TEXT", nullable: false),
                    trial = table.Column<int>(type: "INTEGER", nullable: false),
                    values = table.Column<string>(type: "TEXT", nullable: false),
                    request = table.Column<string>(type: "TEXT", nullable: false),
                    plan = table.Column<string>(type: "TEXT", nullable: false),
                    run_id = table.Column<string>(type: "TEXT", nullable: true),
                    rungs = table.Column<int>(type: "INTEGER", nullable: false),
                    stopped_at_rung = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sweep_trials", x => new { x.sweep_id, x.trial });
                });

            migrationBuilder.CreateTable(
                name: "sweeps",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    request = table.Column<string>(type: "TEXT", nullable: false),
                    metric = table.Column<string>(type: "TEXT", nullable: false),
                    parallel = table.Column<int>(type: "INTEGER", nullable: false),
                    factor = table.Column<int>(type: "INTEGER", nullable: true),
                    first_epochs = table.Column<int>(type: "INTEGER", nullable: true),
                    dataset = table.Column<string>(type: "TEXT", nullable: false),
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    cancel_requested = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sweeps", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_captured_model_captured_at",
                table: "captured",
                columns: new[] { "model", "captured_at" });

            migrationBuilder.CreateIndex(
                name: "IX_classify_jobs_state",
                table: "classify_jobs",
                column: "state");

            migrationBuilder.CreateIndex(
                name: "IX_comparisons_state",
                table: "comparisons",
                column: "state");

            migrationBuilder.CreateIndex(
                name: "IX_datasets_state",
                table: "datasets",
                column: "state");

            migrationBuilder.CreateIndex(
                name: "IX_model_versions_run_id",
                table: "model_versions",
                column: "run_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_runs_created_at_id",
                table: "runs",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_runs_state",
                table: "runs",
                column: "state");

            migrationBuilder.CreateIndex(
                name: "IX_runs_sweep_id",
                table: "runs",
                column: "sweep_id");

            migrationBuilder.CreateIndex(
                name: "IX_sweep_trials_run_id",
                table: "sweep_trials",
                column: "run_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sweeps_state",
                table: "sweeps",
                column: "state");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alias_moves");

            migrationBuilder.DropTable(
                name: "aliases");

            migrationBuilder.DropTable(
                name: "captured");

            migrationBuilder.DropTable(
                name: "captures");

            migrationBuilder.DropTable(
                name: "classify_jobs");

            migrationBuilder.DropTable(
                name: "comparisons");

            migrationBuilder.DropTable(
                name: "datasets");

            migrationBuilder.DropTable(
                name: "epochs");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "model_versions");

            migrationBuilder.DropTable(
                name: "models");

            migrationBuilder.DropTable(
                name: "run_events");

            migrationBuilder.DropTable(
                name: "runs");

            migrationBuilder.DropTable(
                name: "served_counts");

            migrationBuilder.DropTable(
                name: "shadow_counts");

            migrationBuilder.DropTable(
                name: "shadows");

            migrationBuilder.DropTable(
                name: "sweep_trials");

            migrationBuilder.DropTable(
                name: "sweeps");
        }
    }
}
