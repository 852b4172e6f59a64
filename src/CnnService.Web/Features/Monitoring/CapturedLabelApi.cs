using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Monitoring;

/// <summary>POST /models/{name}/captured/{id}/label: adds a captured image to a data set under its true class.</summary>
internal static class CapturedLabelApi
{
    private const int MaxListed = 20;

    public static void MapCapturedLabel(this RouteGroupBuilder models) => models.MapPost("/{name}/captured/{id}/label", LabelAsync)
        .WithName("LabelCaptured").WithSummary("Add a captured image to a data set under its true class")
        .WithDescription(
            "The default `split` is `train`. Response and rules are those of `POST /datasets/{name}/images`, which also "
            + "creates a new class. An image can be "
            + "labelled once: 409 `captured.labelled` after that.")
        .Accepts<LabelRequest>("application/json").WithExample("""{ "dataset": "pets", "class": "dogs" }""")
        .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 409, 415, 422, 503, 507);

    private static async Task<Results<Ok<DatasetAdditionResource>, ProblemResult>> LabelAsync(
        HttpContext http, [AsParameters] LabelServices services, string name, string id)
    {
        var request = await JsonRequest.ReadAsync<LabelRequest>(http.Request, http.RequestAborted, Check);
        return await request
            .CheckAsync(_ => CaptureApi.MissingAsync(services.Models, name, http.RequestAborted))
            .BindAsync(wanted => AddAsync(services, name, id, wanted, http.RequestAborted))
            .ToResultAsync(added => TypedResults.Ok(added));
    }

    private static async Task<Outcome<DatasetAdditionResource>> AddAsync(
        LabelServices services, string name, string id, LabelRequest request, CancellationToken cancel)
    {
        using var mine = await services.Lock.TakeAsync(cancel);
        return await CaptureApi.FileAsync(services.Store, services.Folders, name, id, cancel)
            .CheckAsync(found => Unlabelled(found.Row))
            .CheckAsync(_ => UnknownClassAsync(services, request, cancel))
            .BindAsync(found => DatasetAdditionRunner.AddAsync(
                services.ToAdd(), request.Dataset, new(request.Split, [request.Class]), [($"{name}-{id}", found.File)], cancel))
            .MapAsync(async added =>
            {
                // Last: an image added twice is visible in the data set, one marked as added without being there is lost.
                var labelled = new LabelledAs(request.Dataset, request.Split, request.Class);
                await services.Store.LabelAsync(
                    name, id, JsonSerializer.Serialize(labelled, CoreJson.Options), CancellationToken.None);
                return added;
            });
    }

    private static void Check(LabelRequest request, ValidationErrors errors) =>
        errors.Require(ResourceName.IsClass(request.Class), "class", $"{ResourceName.ClassRule}, received \"{request.Class}\"");

    /// <summary>Rejects new classes: a class cannot be deleted, so a misspelled one would remain in the data set.</summary>
    private static async Task<Problem?> UnknownClassAsync(LabelServices services, LabelRequest request, CancellationToken cancel) =>
        (await DatasetImages.DescriptionAsync(services.Datasets, services.Folders, request.Dataset, cancel))
            .Match(manifest => Unknown(request, manifest.Classes), missing => missing);

    private static Problem? Unknown(LabelRequest request, IReadOnlyList<string> classes)
    {
        if (classes.Contains(request.Class))
        {
            return null;
        }

        var told = string.Join(", ", classes.Take(MaxListed))
            + (classes.Count > MaxListed ? $" and {classes.Count - MaxListed} more" : string.Empty);
        var meant = NearestName.Find(request.Class, classes) is { } nearest ? $"; did you mean {nearest}?" : string.Empty;
        var errors = new ValidationErrors();
        errors.Add("class",
            $"must be a class of the data set '{request.Dataset}': {told}; a new one begins with POST "
            + $"/datasets/{request.Dataset}/images; received \"{request.Class}\"{meant}");
        return Problem.Validation(errors);
    }

    private static Problem? Unlabelled(CapturedRow row) => row.Labelled is null
        ? null
        : Problem.Conflict("captured.labelled",
            $"The image '{row.Id}' is labelled already; what it is called can be changed in the data set it went to.") with
        {
            Data = new Dictionary<string, object?>
            {
                ["labelled"] = JsonSerializer.Deserialize<LabelledAs>(row.Labelled, CoreJson.Options)
            },
        };
}

/// <summary>A request to label a captured image.</summary>
internal sealed record LabelRequest
{
    /// <summary>Name of an existing data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>The true class, one of the data set's.</summary>
    public required string Class { get; init; }

    /// <summary>The split that the image is added to.</summary>
    public Split Split { get; init; } = Split.Train;
}

/// <summary>The services needed for labelling.</summary>
internal sealed record LabelServices(
    CaptureStore Store, ModelStore Models, DataFolders Folders, DatasetStore Datasets, DatasetFiles Files, IDatasetEditor Editor,
    LabelLock Lock)
{
    public AdditionServices ToAdd() => new(Datasets, Files, Editor, Folders);
}
