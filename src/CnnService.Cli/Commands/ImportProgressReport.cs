using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Cli.Commands;

/// <summary>Imports images for a command, and shows how far it has come.</summary>
/// <param name="display">Shows it.</param>
internal sealed class ImportProgressReport(IProgressDisplay display) : IProgress<ImportProgress>
{
    private const string Part = "importing";

    /// <param name="services">The engines.</param>
    /// <param name="context">Of the command.</param>
    /// <param name="import">What is imported.</param>
    /// <param name="folder">Is created; must be absent or empty.</param>
    /// <param name="cancel">Ends the import.</param>
    public static Task<Outcome<DatasetManifest>> ImportAsync(
        ServiceProvider services, CommandContext context, DatasetImport import, string folder, CancellationToken cancel) =>
        context.Report.FollowAsync(async display =>
        {
            display.Show(new(Part, null));
            var imported = await services.GetRequiredService<IDatasetImporter>().ImportAsync(
                import with { Folder = Directory.CreateDirectory(folder).FullName }, new ImportProgressReport(display), cancel);
            if (imported.Succeeded)
            {
                display.Line(Describe(imported.Value));
            }

            return imported;
        });

    public void Report(ImportProgress value) =>
        display.Show(new(Part, value.Total > 0 ? (double)value.Done / value.Total : null) { Detail = $"{value.Done} images" });

    private static string Describe(DatasetManifest dataset)
    {
        var counts = SplitCounts.Count(dataset.Images);
        return $"{dataset.Images.Count} images of {dataset.Classes.Count} classes: {counts.Train} to train on, {counts.Validation} to "
            + $"validate, {counts.Test} to test";
    }
}
