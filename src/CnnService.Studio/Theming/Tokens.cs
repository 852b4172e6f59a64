using MudBlazor;

namespace CnnService.Studio.Theming;

/// <summary>
/// The colours, sizes and spaces of the page, once for light and once for dark: greys, one accent, and the palette of the service's plots
/// for what carries data.
/// </summary>
internal static class Tokens
{
    private const string Typeface = "Inter";

    /// <summary>Colours of classes and series by number, which repeat; as the service draws them (Okabe and Ito).</summary>
    private static readonly string[] LightSeries =
        ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#1B2127", "#CDB900"];

    private static readonly string[] DarkSeries =
        ["#3A9BE0", "#F07A2B", "#1FBF92", "#F2B032", "#DE93BC", "#93D4F7", "#F2F5F7", "#F0E442"];

    /// <summary>What the component library draws with.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0072B2",
            PrimaryContrastText = "#FFFFFF",
            Secondary = "#5C6873",
            Tertiary = "#0072B2",
            Info = "#0072B2",
            Success = "#00785A",
            Warning = "#8A5A00",
            Error = "#B3261E",
            Background = "#FFFFFF",
            BackgroundGray = "#F4F6F8",
            Surface = "#FFFFFF",
            DrawerBackground = "#F4F6F8",
            AppbarBackground = "#FFFFFF",
            AppbarText = "#1B2127",
            TextPrimary = "#1B2127",
            TextSecondary = "#5C6873",
            ActionDefault = "#5C6873",
            ActionDisabled = "#8794A0",
            LinesDefault = "#E3E8EC",
            LinesInputs = "#8794A0",
            TableLines = "#E3E8EC",
            Divider = "#E3E8EC",
            Skeleton = "#E9EDF1",
            HoverOpacity = 0.06,
            RippleOpacity = 0.08,
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#3A9BE0",
            PrimaryContrastText = "#0B1116",
            Secondary = "#A3AFBA",
            Tertiary = "#3A9BE0",
            Info = "#3A9BE0",
            Success = "#1FBF92",
            Warning = "#F2B032",
            Error = "#FF8A80",
            Background = "#14181D",
            BackgroundGray = "#1B2127",
            Surface = "#1B2127",
            DrawerBackground = "#1B2127",
            AppbarBackground = "#14181D",
            AppbarText = "#F2F5F7",
            TextPrimary = "#F2F5F7",
            TextSecondary = "#A3AFBA",
            ActionDefault = "#A3AFBA",
            ActionDisabled = "#6B7884",
            LinesDefault = "#2C343D",
            LinesInputs = "#6B7884",
            TableLines = "#2C343D",
            Divider = "#2C343D",
            Skeleton = "#232A32",
            HoverOpacity = 0.08,
            RippleOpacity = 0.1,
        },
        Typography = Text(),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "10px" },
    };

    /// <summary>The colour of a class or series: a custom property that both themes define.</summary>
    /// <param name="index">From 0; the palette repeats.</param>
    public static string SeriesColor(int index) => $"var(--series-{(index % LightSeries.Length) + 1})";

    /// <summary>Definitions of the custom properties that the component library does not have.</summary>
    /// <param name="isDark">Which theme.</param>
    public static string CustomProperties(bool isDark) => string.Concat(
        (isDark ? DarkSeries : LightSeries).Index().Select(color => $"--series-{color.Index + 1}:{color.Item};"));

    /// <summary>Three sizes and two weights.</summary>
    private static Typography Text()
    {
        const string small = "0.9375rem";
        const string middle = "1.1875rem";
        const string large = "1.875rem";
        string[] family = [Typeface, "system-ui", "sans-serif"];
        return new Typography
        {
            Default = new DefaultTypography
            {
                FontFamily = family,
                FontSize = small,
                FontWeight = "400",
                LineHeight = "1.5",
                LetterSpacing = "normal",
            },
            H1 = new H1Typography { FontSize = large, FontWeight = "600", LineHeight = "1.2", LetterSpacing = "-0.02em" },
            H2 = new H2Typography { FontSize = middle, FontWeight = "600", LineHeight = "1.35", LetterSpacing = "-0.01em" },
            H3 = new H3Typography { FontSize = small, FontWeight = "600", LineHeight = "1.5", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontSize = small, LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontSize = small, LineHeight = "1.5", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontSize = small, FontWeight = "600", TextTransform = "none", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontSize = small, LetterSpacing = "normal" },
        };
    }
}
