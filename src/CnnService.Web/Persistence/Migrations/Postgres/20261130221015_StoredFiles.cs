using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CnnService.Web.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class StoredFiles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "files",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "files",
                table: "model_versions",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "files",
                table: "datasets",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "files",
                table: "comparisons",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "files",
                table: "classify_jobs",
                type: "text",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "files",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "files",
                table: "model_versions");

            migrationBuilder.DropColumn(
                name: "files",
                table: "datasets");

            migrationBuilder.DropColumn(
                name: "files",
                table: "comparisons");

            migrationBuilder.DropColumn(
                name: "files",
                table: "classify_jobs");
        }
    }
}
