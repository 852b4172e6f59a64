namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>Which cell's receptive field is asked for.</summary>
/// <param name="Cell">Row and column; null: the middle of the map.</param>
/// <param name="IsMeasured">How much each pixel really moves the cell is told too.</param>
public sealed record ReceptiveFieldRequest((int Y, int X)? Cell = null, bool IsMeasured = false);
