using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Datasets;

/// <summary>Changes of single images, and the revisions that all changes make.</summary>
internal static class DatasetChanges
{
    public static void MapDatasetChanges(this RouteGroupBuilder datasets)
    {
        datasets.MapPatch("/{name}/images/{id}", RelabelAsync).WithName("RelabelDatasetImage").WithSummary("Give an image other labels")
            .WithDescription(
                "`class` is an existing or a new class, `labels` all that an image of a `multiLabel` data set has; a class without images "
                + "is gone. The change makes a further revision of the data set; runs and versions keep the revision they "
                + "were trained on.")
            .Accepts<RelabelRequest>("application/json").WithExample("""{ "class": "dogs" }""")
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 409, 415, 507);
        datasets.MapDelete("/{name}/images/{id}", RemoveAsync).WithName("RemoveDatasetImage").WithSummary("Remove an image")
            .WithDescription(
                "Makes a further revision without the image; the earlier ones keep it. With `purge=true` the earlier revisions are "
                + "deleted, and with them every image file that the new one does not hold: 409 while a run, sweep or classification uses "
                + "the data set.")
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 409, 422, 507);
        datasets.MapGet("/{name}/revisions", RevisionsAsync).WithName("ListDatasetRevisions")
            .WithSummary("List the revisions of a data set, newest first")
            .WithDescription("Requests that name a data set take `name:revision` for an earlier revision.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 409);
    }

    private static async Task<Results<Ok<ChangedImageResource>, ProblemResult>> RelabelAsync(
        HttpContext http, [AsParameters] ChangeServices services, string name, string id)
    {
        var request = await JsonRequest.ReadAsync<RelabelRequest>(http.Request, http.RequestAborted, RelabelRequest.Check);
        return await request
            .BindAsync(wanted => services.Datasets.FindReadyAsync(name, http.RequestAborted)
                .BindAsync(row => services.Files.ChangeAsync(
                    row, folder => services.Editor.RelabelAsync(folder, id, wanted.Names, http.RequestAborted), http.RequestAborted)
                    .MapAsync(after => new ChangedImageResource(
                        ImageResource.From(after, after.Images.Find(id)!), DatasetResource.From(row, after)))))
            .ToResultAsync(changed => TypedResults.Ok(changed));
    }

    private static Task<Results<NoContent, ProblemResult>> RemoveAsync(
        [AsParameters] ChangeServices services, string name, string id, bool? purge, CancellationToken cancel) =>
        services.Datasets.FindReadyAsync(name, cancel)
            .CheckAsync(_ => purge == true ? services.Datasets.FindReaderAsync(name, cancel) : Task.FromResult<Problem?>(null))
            .BindAsync(row => services.Files.ChangeAsync(
                row, folder => services.Editor.RemoveAsync(folder, id, purge == true, cancel), cancel))
            .ToResultAsync(_ => TypedResults.NoContent());

    private static Task<Results<Ok<Page<RevisionResource>>, ProblemResult>> RevisionsAsync(
        DatasetStore datasets, DataFolders folders, string name, int? limit, string? after, CancellationToken cancel) =>
        Paging.Limit(limit, after, cursor => RevisionResource.Parse(cursor) is not null)
            .BindAsync(pageSize => datasets.FindReadyAsync(name, cancel)
                .BindAsync(row => ReadAsync(row, folders, RevisionResource.Parse(after), pageSize + 1, cancel))
                .MapAsync(found => Paging.Create([.. found], pageSize, RevisionResource.From, RevisionResource.Cursor)))
            .ToResultAsync(page => TypedResults.Ok(page));

    private static async Task<Outcome<IReadOnlyList<DatasetManifest>>> ReadAsync(
        DatasetRow row, DataFolders folders, int? before, int limit, CancellationToken cancel)
    {
        await folders.EnsureRevisionsAsync(row.Name, row.Files, cancel);
        return DatasetFolder.ReadRevisions(folders.Dataset(row.Name), before, limit);
    }
}

/// <summary>The services needed for a change.</summary>
internal sealed record ChangeServices(DatasetStore Datasets, DatasetFiles Files, IDatasetEditor Editor);
