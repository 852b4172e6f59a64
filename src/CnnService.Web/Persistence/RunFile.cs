using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Web.Persistence;

/// <summary>
/// What a run's row holds beside its plan, in a file of the run's folder: from both the row can be rebuilt if the database is lost.
/// </summary>
internal sealed record RunFile
{
    private const string Name = "run.json";

    public required JsonElement Request { get; init; }

    public required string Model { get; init; }

    public string? SweepId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Writes the file and the plan durably.</summary>
    /// <param name="folder">The folder of an attempt.</param>
    /// <param name="run">The run's row.</param>
    public static void Write(string folder, RunRow run)
    {
        DurableFile.Write(Path.Combine(folder, RunFolder.PlanFile), System.Text.Encoding.UTF8.GetBytes(run.Plan));
        var file = new RunFile
        {
            Request = JsonSerializer.Deserialize<JsonElement>(run.Request),
            Model = run.Model,
            SweepId = run.SweepId,
            CreatedAt = run.CreatedAt,
        };
        DurableFile.Write(Path.Combine(folder, Name), JsonSerializer.SerializeToUtf8Bytes(file, CoreJson.Options));
    }

    /// <summary>The row of a run as when it was queued; null if the folder does not hold both files, or they do not read.</summary>
    public static RunRow? Read(string id, string folder)
    {
        try
        {
            var json = System.Text.Encoding.UTF8.GetString(RegularFile.ReadAllBytes(Path.Combine(folder, RunFolder.PlanFile)));
            var plan = JsonSerializer.Deserialize<TrainingPlan>(json, CoreJson.Options);
            var file = JsonSerializer.Deserialize<RunFile>(RegularFile.ReadAllBytes(Path.Combine(folder, Name)), CoreJson.Options);
            return plan is null || file is null || plan.RunId != id ? null : new RunRow
            {
                Id = id,
                Request = file.Request.GetRawText(),
                Plan = json,
                Dataset = plan.Dataset,
                DatasetRevision = plan.DatasetRevision,
                Model = file.Model,
                SweepId = file.SweepId,
                Epochs = plan.Epochs,
                Work = LeasedWork.Requiring(plan.Requires),
                CreatedAt = file.CreatedAt,
            };
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
