using CnnService.Client;

namespace CnnService.Studio.Service;

/// <summary>What a data set is for.</summary>
internal static class DatasetKind
{
    /// <summary>Whether an image may have several of the classes, or none.</summary>
    public static bool IsMultiLabel(this DatasetResource dataset) => dataset.Task == "multiLabel";
}
