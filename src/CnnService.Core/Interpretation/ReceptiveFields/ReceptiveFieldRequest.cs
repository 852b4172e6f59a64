namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>Which cell's receptive field to compute.</summary>
/// <param name="Cell">Row and column; null for the middle of the map.</param>
/// <param name="IsMeasured">True to measure the effective receptive field too.</param>
public sealed record ReceptiveFieldRequest((int Y, int X)? Cell = null, bool IsMeasured = false);
