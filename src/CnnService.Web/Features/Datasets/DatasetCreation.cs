using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Datasets;

/// <summary>POST /datasets: starts an import, or tells what it would give.</summary>
internal static class DatasetCreation
{
    private const string Operation = "datasets";

    public static async Task<Results<Accepted<DatasetResource>, Ok<DatasetInspection>, ProblemResult>> CreateAsync(
        HttpContext http, [AsParameters] DatasetServices services, bool? dryRun)
    {
        var order = http.Request.HasFormContentType
            ? await services.Slots.RunAsync(
                () => new DatasetUpload(services.Folders).ReadAsync(http.Request, http.RequestAborted), http.RequestAborted)
            : await ReadJsonAsync(http, services);
        return order switch
        {
            { Problem: { } problem } => problem.ToResult(),
            { Value: { } wanted } when wanted.IsDryRun || dryRun == true =>
                (await InspectAsync(http, wanted.Import, services)).Match<Results<Accepted<DatasetResource>, Ok<DatasetInspection>,
                    ProblemResult>>(inspection => TypedResults.Ok(inspection), problem => problem.ToResult()),
            { Value: var wanted } => (await StartAsync(http, wanted.Import, services)).Match<Results<Accepted<DatasetResource>,
                Ok<DatasetInspection>, ProblemResult>>(
                row => TypedResults.Accepted($"/datasets/{row.Name}", DatasetResource.From(row, null)), problem => problem.ToResult()),
        };
    }

    private static async Task<Outcome<DatasetOrder>> ReadJsonAsync(HttpContext http, DatasetServices services)
    {
        var request = await JsonRequest.ReadAsync<DatasetRequest>(http.Request, http.RequestAborted);
        var order = request.Bind(read => read.ToOrder(services.Roots.Value));
        return order.Succeeded && DiskSpaceCheck.Check(services.Folders) is { } full ? full : order;
    }

    /// <summary>Deletes an uploaded archive afterwards.</summary>
    private static async Task<Outcome<DatasetInspection>> InspectAsync(HttpContext http, DatasetImport import, DatasetServices services)
    {
        try
        {
            return await services.Slots.RunAsync(
                () => services.Inspector.InspectAsync(import, http.RequestAborted), http.RequestAborted);
        }
        finally
        {
            if (import.Origin == DatasetOrigin.Archive)
            {
                File.Delete(import.Source);
            }
        }
    }

    /// <summary>
    /// Creates one data set per idempotency key. The key covers the name and options, not the archive's content. Deletes the archive of a
    /// request that creates none: because it is refused, or repeats an earlier one.
    /// </summary>
    private static async Task<Outcome<DatasetRow>> StartAsync(HttpContext http, DatasetImport import, DatasetServices services)
    {
        var isArchive = import.Origin == DatasetOrigin.Archive;
        var isCreated = false;
        var body = JsonSerializer.SerializeToElement(import with { Source = isArchive ? string.Empty : import.Source }, CoreJson.Options);
        var dataset = await new IdempotentRequest<DatasetRow>(services.Keys, Operation, services.Datasets.FindAsync, CreateOneAsync)
            .RunAsync(http.Request, body, import.Name);
        if (isArchive && !isCreated)
        {
            File.Delete(import.Source);
        }

        return dataset;

        async Task<Outcome<DatasetRow>> CreateOneAsync(string name, CancellationToken cancel)
        {
            var created = await services.Datasets.CreateAsync(import with { Name = name }, cancel);
            if (created.Succeeded)
            {
                isCreated = true;
                services.Queue.Enqueue<ImportWork>(name);
            }

            return created;
        }
    }
}

/// <summary>The services needed for creating a data set.</summary>
internal sealed record DatasetServices(
    DatasetStore Datasets, IdempotencyStore Keys, WorkQueue Queue, DataFolders Folders, UploadSlots Slots, IDatasetInspector Inspector,
    IOptions<ImportRootOptions> Roots);
