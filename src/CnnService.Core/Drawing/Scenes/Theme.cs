namespace CnnService.Core.Drawing.Scenes;

/// <summary>
/// The colours of a figure. Series have the palette that Okabe and Ito made to be told apart by the colour-blind ("Color Universal Design",
/// 2008); its yellow is darker on white, its blue and black lighter on dark, where they would hardly be seen.
/// </summary>
public sealed class Theme
{
    private readonly Color[] _colors;

    private Theme(params uint[] colors) => _colors = [.. colors.Select(Color.FromRgb)];

    public static Theme Light { get; } = new(
        0xFFFFFF, 0xF1F4F7, 0x1B2127, 0x5C6873, 0xE3E8EC, 0x8794A0, 0xF0E442,
        0x0072B2, 0xD55E00, 0x009E73, 0xE69F00, 0xCC79A7, 0x56B4E9, 0x000000, 0xCDB900);

    public static Theme Dark { get; } = new(
        0x14181D, 0x232A32, 0xF2F5F7, 0xA3AFBA, 0x2C343D, 0x6B7884, 0xF0E442,
        0x3A9BE0, 0xF07A2B, 0x1FBF92, 0xF2B032, 0xDE93BC, 0x93D4F7, 0xF2F5F7, 0xF0E442);

    /// <summary>The colour of a meaning.</summary>
    public Color this[Ink ink] => _colors[(int)ink];

    public static Theme Get(ThemeName name) => name == ThemeName.Dark ? Dark : Light;
}
