using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Serving;

/// <summary>
/// The preprocessing alone as an ONNX file: bytes <c>[N,H,W,C]</c> in, normalized planes <c>[N,C,H,W]</c> out. In front of a network on a
/// GPU, a quarter of the memory travels, and the processor has nothing to compute.
/// </summary>
internal static class PreprocessingGraph
{
    public static byte[] Create(InputSpec image, Preprocessing preprocessing)
    {
        var graph = new GraphBuilder("preprocessing");
        graph.Output(PreprocessingNodes.Add(graph, image, preprocessing), image.Shape);
        var model = new ModelProto { IrVersion = OnnxTypes.IrVersion, Graph = graph.Graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OnnxTypes.OperatorSet });
        return model.ToByteArray();
    }
}
