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

    public static Task<IResult> CreateAsync(HttpContext http, [AsParameters] DatasetServices services, bool? dryRun) =>
        ReadAsync(http, services).ToIResultAsync(async order => order.IsDryRun || dryRun == true
            ? (await InspectAsync(http, order, services)).ToIResult(TypedResults.Ok)
            : (await StartAsync(http, order, services)).ToIResult(
                row => TypedResults.Accepted($"/datasets/{row.Name}", DatasetResource.From(row, null))));

    public static Task<Results<Ok<DatasetInspection>, ProblemResult>> InspectAsync(
        HttpContext http, [AsParameters] DatasetServices services) =>
        ReadAsync(http, services).BindAsync(order => InspectAsync(http, order, services)).ToResultAsync(TypedResults.Ok);

    private static Task<Outcome<DatasetOrder>> ReadAsync(HttpContext http, DatasetServices services) => http.Request.HasFormContentType
        ? services.Slots.RunAsync(
            () => new DatasetUpload(services.Folders).ReadAsync(http.Request, http.RequestAborted), http.RequestAborted)
        : ReadJsonAsync(http, services);

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
                ? await services.Uploads.ReadAsync(upload, path => InspectAsync(order.Import with { Source = path }), http.RequestAborted)
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
                    upload, path => AddAsync(services, import with { Name = name, Source = path }, cancel), cancel)
                : await AddAsync(services, import with { Name = name }, cancel);
            if (created.Succeeded)
            {
                isCreated = true;
                services.Queue.Enqueue<ImportWork>(name);
            }

            return created;
        }
    }

    /// <summary>Adds the row, whose worker may be on another machine: the archive is named, and is to be had, wherever it is.</summary>
    private static async Task<Outcome<DatasetRow>> AddAsync(DatasetServices services, DatasetImport import, CancellationToken cancel)
    {
        if (import.Origin != DatasetOrigin.Archive)
        {
            return await services.Datasets.CreateAsync(import, cancel);
        }

        await services.Folders.Copies.PutFileAsync(import.Source, cancel);
        var created = await services.Datasets.CreateAsync(import with { Source = services.Folders.Relative(import.Source) }, cancel);
        if (!created.Succeeded)
        {
            await services.Folders.Copies.DeleteFileAsync(import.Source, CancellationToken.None);
        }
        else if (services.Folders.Copies.AreUsed)
        {
            File.Delete(import.Source); // Whoever imports it brings it, and deletes it then.
        }

        return created;
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
