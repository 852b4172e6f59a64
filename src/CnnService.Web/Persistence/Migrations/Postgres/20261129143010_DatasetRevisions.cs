using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CnnService.Web.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class DatasetRevisions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "dataset_revision",
                table: "sweeps",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "dataset_revision",
                table: "runs",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "dataset_revision",
                table: "comparisons",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "dataset_revision",
                table: "classify_jobs",
                type: "integer",
                nullable: false,
                defaultValue: 1);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "dataset_revision",
                table: "sweeps");

            migrationBuilder.DropColumn(
                name: "dataset_revision",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "dataset_revision",
                table: "comparisons");

            migrationBuilder.DropColumn(
                name: "dataset_revision",
                table: "classify_jobs");
        }
    }
}
