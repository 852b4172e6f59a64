namespace CnnService.Core.Drawing.Figures;

/// <summary>Shapes of a mark, beside its colour.</summary>
internal enum MarkKind
{
    Disc,
    Square,
    Diamond,
    Triangle,
}
