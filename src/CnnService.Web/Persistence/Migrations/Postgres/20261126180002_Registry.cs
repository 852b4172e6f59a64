using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CnnService.Web.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Registry : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "before",
                table: "aliases",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "alias_moves",
                columns: table => new
                {
                    model = table.Column<string>(type: "text", nullable: false),
                    sequence = table.Column<int>(type: "integer", nullable: false),
                    alias = table.Column<string>(type: "text", nullable: false),
                    from = table.Column<int>(type: "integer", nullable: true),
                    to = table.Column<int>(type: "integer", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alias_moves", x => new { x.model, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "captured",
                columns: table => new
                {
                    model = table.Column<string>(type: "text", nullable: false),
                    id = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    label = table.Column<string>(type: "text", nullable: false),
                    probability = table.Column<double>(type: "double precision", nullable: false),
                    uncertainty = table.Column<double>(type: "double precision", nullable: false),
                    top = table.Column<string>(type: "text", nullable: false),
                    media_type = table.Column<string>(type: "text", nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    captured_at = table.Column<long>(type: "bigint", nullable: false),
                    labelled = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_captured", x => new { x.model, x.id });
                });

            migrationBuilder.CreateTable(
                name: "captures",
                columns: table => new
                {
                    model = table.Column<string>(type: "text", nullable: false),
                    share = table.Column<double>(type: "double precision", nullable: false),
                    max_pictures = table.Column<int>(type: "integer", nullable: false),
                    max_bytes = table.Column<long>(type: "bigint", nullable: false),
                    since = table.Column<long>(type: "bigint", nullable: false),
                    dropped = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_captures", x => x.model);
                });

            migrationBuilder.CreateTable(
                name: "comparisons",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    model_a = table.Column<string>(type: "text", nullable: false),
                    version_a = table.Column<int>(type: "integer", nullable: false),
                    model_b = table.Column<string>(type: "text", nullable: false),
                    version_b = table.Column<int>(type: "integer", nullable: false),
                    dataset = table.Column<string>(type: "text", nullable: false),
                    split = table.Column<string>(type: "text", nullable: false),
                    done = table.Column<int>(type: "integer", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: true),
                    lease_until = table.Column<long>(type: "bigint", nullable: false),
                    failure = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    finished_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_comparisons", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "models",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    highest_version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_models", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "served_counts",
                columns: table => new
                {
                    model = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    hour = table.Column<long>(type: "bigint", nullable: false),
                    label = table.Column<string>(type: "text", nullable: false),
                    tenth = table.Column<int>(type: "integer", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_served_counts", x => new { x.model, x.version, x.hour, x.label, x.tenth });
                });

            migrationBuilder.CreateTable(
                name: "shadow_counts",
                columns: table => new
                {
                    model = table.Column<string>(type: "text", nullable: false),
                    served = table.Column<int>(type: "integer", nullable: false),
                    candidate = table.Column<int>(type: "integer", nullable: false),
                    served_class = table.Column<string>(type: "text", nullable: false),
                    candidate_class = table.Column<string>(type: "text", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false),
                    difference = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shadow_counts", x => new { x.model, x.served, x.candidate, x.served_class, x.candidate_class });
                });

            migrationBuilder.CreateTable(
                name: "shadows",
                columns: table => new
                {
                    model = table.Column<string>(type: "text", nullable: false),
                    alias = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: true),
                    share = table.Column<double>(type: "double precision", nullable: false),
                    since = table.Column<long>(type: "bigint", nullable: false),
                    dropped = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shadows", x => x.model);
                });

            migrationBuilder.CreateIndex(
                name: "IX_captured_model_captured_at",
                table: "captured",
                columns: new[] { "model", "captured_at" });

            migrationBuilder.CreateIndex(
                name: "IX_comparisons_state",
                table: "comparisons",
                column: "state");

            // Versions that were published before are given already.
            migrationBuilder.Sql("insert into models (name, highest_version) select model, max(version) from model_versions group by model");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alias_moves");

            migrationBuilder.DropTable(
                name: "captured");

            migrationBuilder.DropTable(
                name: "captures");

            migrationBuilder.DropTable(
                name: "comparisons");

            migrationBuilder.DropTable(
                name: "models");

            migrationBuilder.DropTable(
                name: "served_counts");

            migrationBuilder.DropTable(
                name: "shadow_counts");

            migrationBuilder.DropTable(
                name: "shadows");

            migrationBuilder.DropColumn(
                name: "before",
                table: "aliases");
        }
    }
}
