using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Artifacts.Uploads;
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
                (await InspectAsync(http, wanted, services)).Match<Results<Accepted<DatasetResource>, Ok<DatasetInspection>,
                    ProblemResult>>(inspection => TypedResults.Ok(inspection), problem => problem.ToResult()),
            { Value: var wanted } => (await StartAsync(http, wanted, services)).Match<Results<Accepted<DatasetResource>,
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

    /// <summary>Deletes an archive of the request itself afterwards; an upload in pieces stays for the import.</summary>
    private static async Task<Outcome<DatasetInspection>> InspectAsync(HttpContext http, DatasetOrder order, DatasetServices services)
    {
        Task<Outcome<DatasetInspection>> InspectAsync(DatasetImport import) => services.Slots.RunAsync(
            () => services.Inspector.InspectAsync(import, http.RequestAborted), http.RequestAborted);

        try
        {
            return order.Upload is { } upload
                ? await services.Uploads.ReadAsync(upload, path => InspectAsync(order.Import with { Source = path }))
                : await InspectAsync(order.Import);
        }
        finally
        {
            DeleteArchive(order);
        }
    }

    /// <summary>
    /// Creates one data set per idempotency key. The key covers the name and options, not the archive's content. Deletes the archive of a
    /// request that creates none: because it is refused, or repeats an earlier one.
    /// </summary>
    private static async Task<Outcome<DatasetRow>> StartAsync(HttpContext http, DatasetOrder order, DatasetServices services)
    {
        var import = order.Import;
        var isCreated = false;
        var source = order.Upload ?? (import.Origin == DatasetOrigin.Archive ? string.Empty : import.Source);
        var body = JsonSerializer.SerializeToElement(import with { Source = source }, CoreJson.Options);
        var dataset = await new IdempotentRequest<DatasetRow>(services.Keys, Operation, services.Datasets.FindAsync, CreateOneAsync)
            .RunAsync(http.Request, body, import.Name);
        if (!isCreated)
        {
            DeleteArchive(order);
        }

        return dataset;

        async Task<Outcome<DatasetRow>> CreateOneAsync(string name, CancellationToken cancel)
        {
            var created = order.Upload is { } upload
                ? await services.Uploads.TakeAsync(
                    upload, path => services.Datasets.CreateAsync(import with { Name = name, Source = path }, cancel))
                : await services.Datasets.CreateAsync(import with { Name = name }, cancel);
            if (created.Succeeded)
            {
                isCreated = true;
                services.Queue.Enqueue<ImportWork>(name);
            }

            return created;
        }
    }

    private static void DeleteArchive(DatasetOrder order)
    {
        if (order is { Upload: null, Import.Origin: DatasetOrigin.Archive })
        {
            File.Delete(order.Import.Source);
        }
    }
}

/// <summary>The services needed for creating a data set.</summary>
internal sealed record DatasetServices(
    DatasetStore Datasets, IdempotencyStore Keys, WorkQueue Queue, DataFolders Folders, UploadSlots Slots, UploadStore Uploads,
    IDatasetInspector Inspector, IOptions<ImportRootOptions> Roots);
