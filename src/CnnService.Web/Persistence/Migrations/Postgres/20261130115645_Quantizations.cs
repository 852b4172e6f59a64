using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CnnService.Web.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Quantizations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "quantizations",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    dataset = table.Column<string>(type: "text", nullable: false),
                    dataset_revision = table.Column<int>(type: "integer", nullable: false),
                    max_accuracy_loss = table.Column<double>(type: "double precision", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: true),
                    lease_until = table.Column<long>(type: "bigint", nullable: false),
                    fence = table.Column<int>(type: "integer", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    tries_without_progress = table.Column<int>(type: "integer", nullable: false),
                    cancel_requested = table.Column<bool>(type: "boolean", nullable: false),
                    failure = table.Column<string>(type: "text", nullable: true),
                    started_at = table.Column<long>(type: "bigint", nullable: true),
                    finished_at = table.Column<long>(type: "bigint", nullable: true),
                    done = table.Column<int>(type: "integer", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_quantizations", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_quantizations_model_version",
                table: "quantizations",
                columns: new[] { "model", "version" });

            migrationBuilder.CreateIndex(
                name: "IX_quantizations_state",
                table: "quantizations",
                column: "state");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "quantizations");
        }
    }
}
