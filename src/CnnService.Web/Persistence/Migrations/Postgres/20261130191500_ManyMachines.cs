using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CnnService.Web.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ManyMachines : Migration
    {
        private static readonly string[] Leased = ["runs", "datasets", "comparisons", "classify_jobs", "quantizations", "calibrations"];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "requires",
                table: "calibrations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "requires",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "requires",
                table: "quantizations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "requires",
                table: "datasets",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "requires",
                table: "comparisons",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "requires",
                table: "classify_jobs",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    operation = table.Column<string>(type: "text", nullable: false),
                    resource = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "workers",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    labels = table.Column<string>(type: "text", nullable: false),
                    unready = table.Column<string>(type: "text", nullable: true),
                    seen_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workers", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_audit_at",
                table: "audit",
                column: "at");

            // Tells workers that listen of work that begins to wait, when its transaction is committed.
            migrationBuilder.Sql(
                """
                create function cnnservice_work_waits() returns trigger language plpgsql as
                $$ begin perform pg_notify('cnnservice_work', tg_table_name); return null; end $$
                """);
            foreach (var table in Leased)
            {
                migrationBuilder.Sql(
                    $"create trigger work_waits after insert or update of state on {table} "
                    + "for each row when (new.state = 'Queued') execute function cnnservice_work_waits()");
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in Leased)
            {
                migrationBuilder.Sql($"drop trigger work_waits on {table}");
            }

            migrationBuilder.Sql("drop function cnnservice_work_waits()");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "workers");

            migrationBuilder.DropColumn(
                name: "requires",
                table: "calibrations");

            migrationBuilder.DropColumn(
                name: "requires",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "requires",
                table: "quantizations");

            migrationBuilder.DropColumn(
                name: "requires",
                table: "datasets");

            migrationBuilder.DropColumn(
                name: "requires",
                table: "comparisons");

            migrationBuilder.DropColumn(
                name: "requires",
                table: "classify_jobs");
        }
    }
}
