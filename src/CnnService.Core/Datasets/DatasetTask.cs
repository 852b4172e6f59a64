namespace CnnService.Core.Datasets;

/// <summary>How many labels an image of a data set has.</summary>
public enum DatasetTask
{
    /// <summary>Exactly one.</summary>
    SingleLabel,

    /// <summary>Any number, none included.</summary>
    MultiLabel,
}
