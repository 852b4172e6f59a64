using CnnService.Core.Common;
using CnnService.Core.Models.Import;
using CnnService.Core.Models.Starts;

namespace CnnService.Web.Work;

/// <summary>
/// Imports starts as other files are imported, in a process of its own. They have been imported before, on the machine that made them, so
/// that one which takes long is no sign of damage but of a busy machine.
/// </summary>
internal sealed class StartImport(ModelImportProcess process) : IStartImport
{
    /// <summary>Of the time that a file from elsewhere gets.</summary>
    private const int Patience = 10;

    public Task<Outcome<string>> ImportAsync(ModelImportPlan plan, string folder, CancellationToken cancel) =>
        process.RunOwnAsync(plan, folder, Patience, cancel).MapAsync(_ => Path.Combine(folder, ModelImportChild.PackageFolder));
}
