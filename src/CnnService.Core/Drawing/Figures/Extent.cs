namespace CnnService.Core.Drawing.Figures;

/// <summary>The room that something takes.</summary>
internal readonly record struct Extent(double Width, double Height);
