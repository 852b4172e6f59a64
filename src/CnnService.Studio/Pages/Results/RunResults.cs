using System.Globalization;
using CnnService.Client;

namespace CnnService.Studio.Pages.Results;

/// <summary>A run that has succeeded, its evaluation and the version it made.</summary>
/// <param name="Run">The run.</param>
/// <param name="Evaluation">On its validation images.</param>
/// <param name="Version">The version; null where it has been deleted.</param>
public sealed record RunResults(RunResource Run, EvaluationResource Evaluation, ModelVersionResource? Version)
{
    /// <summary>The version's name, as <c>name:version</c>.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Run.Model}:{Run.Version}");

    /// <summary>The classes, in the order of the confusion matrix.</summary>
    public IReadOnlyList<string> Classes { get; } = [.. Evaluation.Classes.Select(one => one.Name)];

    /// <summary>An image of its data set, as other addresses name it.</summary>
    public string Reference(string image) => $"{Evaluation.Dataset}/{image}";

    /// <summary>Asks for all at once.</summary>
    internal static async Task<RunResults> ReadAsync(CnnServiceClient client, RunResource run, CancellationToken cancel)
    {
        var evaluation = client.GetRunEvaluationAsync(run.Id, cancellationToken: cancel);
        return new(run, await evaluation, await VersionAsync(client, run, cancel));
    }

    private static async Task<ModelVersionResource?> VersionAsync(CnnServiceClient client, RunResource run, CancellationToken cancel)
    {
        try
        {
            return await client.GetModelVersionAsync(run.Model, run.Version!.Value.ToString(CultureInfo.InvariantCulture), cancel);
        }
        catch (CnnServiceException gone) when (gone.StatusCode == 404)
        {
            return null;
        }
    }
}
