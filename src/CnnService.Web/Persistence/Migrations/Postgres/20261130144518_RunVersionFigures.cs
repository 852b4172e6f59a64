using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CnnService.Web.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class RunVersionFigures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<double>(
                name: "version_accuracy",
                table: "runs",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "version_loss",
                table: "runs",
                type: "double precision",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "version_accuracy",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "version_loss",
                table: "runs");
        }
    }
}
