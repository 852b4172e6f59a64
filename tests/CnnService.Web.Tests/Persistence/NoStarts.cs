using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Core.Models.Starts;

namespace CnnService.Web.Tests.Persistence;

/// <summary>A service without trained starts.</summary>
internal static class NoStarts
{
    private static readonly StartFolders Folders = new([], Path.GetTempPath());

    public static StartLibrary Library { get; } = new(new(Folders), Folders, new Nothing(), new Nothing());

    private sealed class Nothing : IStartImport, IOnnxConstants
    {
        public Task<Outcome<string>> ImportAsync(ModelImportPlan plan, string folder, CancellationToken cancel) =>
            throw new InvalidOperationException("There is no start to import.");

        public Outcome<WeightTensor> Read(string path, string name) =>
            throw new InvalidOperationException("There is no start to read.");
    }
}
