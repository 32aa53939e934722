// The common emoji by the names people type between colons.

const TABLE =
  "thumbsup +1=👍|thumbsdown -1=👎|eyes=👀|white_check_mark=✅|heavy_check_mark=✔️|ballot_box_with_check=☑️|x=❌|" +
  "negative_squared_cross_mark=❎|warning=⚠️|rotating_light=🚨|fire=🔥|bell=🔔|no_bell=🔕|mega=📣|loudspeaker=📢|" +
  "speech_balloon=💬|hourglass=⌛|hourglass_flowing_sand=⏳|alarm_clock=⏰|stopwatch=⏱️|timer_clock=⏲️|clock1=🕐|" +
  "clock3=🕒|clock9=🕘|calendar=📆|date=📅|spiral_calendar_pad=🗓️|pushpin=📌|round_pushpin=📍|paperclip=📎|" +
  "memo pencil=📝|pencil2=✏️|clipboard=📋|bookmark=🔖|bookmark_tabs=📑|page_facing_up=📄|page_with_curl=📃|" +
  "bar_chart=📊|chart_with_upwards_trend=📈|chart_with_downwards_trend=📉|file_folder=📁|card_index_dividers=🗂️|" +
  "lock=🔒|unlock=🔓|closed_lock_with_key=🔐|key=🔑|shield=🛡️|mag=🔍|mag_right=🔎|link=🔗|gear=⚙️|wrench=🔧|" +
  "hammer=🔨|hammer_and_wrench=🛠️|toolbox=🧰|construction=🚧|building_construction=🏗️|rocket=🚀|zap=⚡|" +
  "boom collision=💥|bulb=💡|bomb=💣|fire_engine=🚒|ambulance=🚑|police_car=🚓|octagonal_sign=🛑|no_entry=⛔|" +
  "no_entry_sign=🚫|vertical_traffic_light=🚦|traffic_light=🚥|red_circle=🔴|" +
  "large_orange_circle orange_circle=🟠|large_yellow_circle yellow_circle=🟡|" +
  "large_green_circle green_circle=🟢|large_blue_circle blue_circle=🔵|large_purple_circle purple_circle=🟣|" +
  "white_circle=⚪|black_circle=⚫|red_square large_red_square=🟥|large_orange_square=🟧|large_yellow_square=🟨|" +
  "large_green_square=🟩|large_blue_square=🟦|white_large_square=⬜|black_large_square=⬛|small_red_triangle=🔺|" +
  "small_red_triangle_down=🔻|arrow_up=⬆️|arrow_down=⬇️|arrow_right=➡️|arrow_left=⬅️|arrow_upper_right=↗️|" +
  "arrow_lower_right=↘️|arrows_counterclockwise=🔄|repeat=🔁|leftwards_arrow_with_hook=↩️|arrow_right_hook=↪️|" +
  "fast_forward=⏩|rewind=⏪|arrow_forward=▶️|double_vertical_bar pause_button=⏸️|black_square_for_stop=⏹️|" +
  "one=1️⃣|two=2️⃣|three=3️⃣|four=4️⃣|five=5️⃣|six=6️⃣|seven=7️⃣|eight=8️⃣|nine=9️⃣|keycap_ten=🔟|zero=0️⃣|" +
  "question=❓|grey_question=❔|exclamation heavy_exclamation_mark=❗|bangbang=‼️|information_source=ℹ️|" +
  "heavy_plus_sign=➕|heavy_minus_sign=➖|hash=#️⃣|100=💯|sos=🆘|new=🆕|ok=🆗|up=🆙|free=🆓|raised_hand hand=✋|" +
  "wave=👋|clap=👏|raised_hands=🙌|pray=🙏|muscle=💪|point_right=👉|point_left=👈|point_up_2=👆|point_down=👇|" +
  "ok_hand=👌|handshake=🤝|v=✌️|crossed_fingers=🤞|salute saluting_face=🫡|writing_hand=✍️|bust_in_silhouette=👤|" +
  "busts_in_silhouette=👥|technologist=🧑‍💻|firefighter=🧑‍🚒|detective sleuth_or_spy=🕵️|robot_face=🤖|ghost=👻|" +
  "bug=🐛|beetle=🪲|snail=🐌|turtle=🐢|owl=🦉|bee=🐝|smile=😄|grinning=😀|slightly_smiling_face=🙂|blush=😊|joy=😂|" +
  "sweat_smile=😅|wink=😉|heart_eyes=😍|sunglasses=😎|thinking_face=🤔|neutral_face=😐|grimacing=😬|confused=😕|" +
  "worried=😟|cry=😢|sob=😭|scream=😱|sweat=😓|sleeping=😴|zzz=💤|face_with_rolling_eyes=🙄|nerd_face=🤓|relieved=😌|" +
  "disappointed=😞|rage=😡|exploding_head=🤯|melting_face=🫠|heart=❤️|yellow_heart=💛|green_heart=💚|blue_heart=💙|" +
  "purple_heart=💜|broken_heart=💔|star=⭐|star2=🌟|sparkles=✨|tada=🎉|confetti_ball=🎊|trophy=🏆|" +
  "medal first_place_medal=🥇|crown=👑|gift=🎁|balloon=🎈|sunny=☀️|partly_sunny=⛅|cloud=☁️|rain_cloud=🌧️|" +
  "snowflake=❄️|rainbow=🌈|ocean=🌊|volcano=🌋|seedling=🌱|evergreen_tree=🌲|herb=🌿|four_leaf_clover=🍀|coffee=☕|" +
  "pizza=🍕|cake=🍰|beer=🍺|beers=🍻|popcorn=🍿|apple=🍎|dart=🎯|game_die=🎲|jigsaw=🧩|art=🎨|telescope=🔭|" +
  "microscope=🔬|test_tube=🧪|thermometer=🌡️|pill=💊|stethoscope=🩺|adhesive_bandage=🩹|syringe=💉|computer=💻|" +
  "desktop_computer=🖥️|keyboard=⌨️|iphone=📱|telephone_receiver=📞|phone telephone=☎️|pager=📟|" +
  "satellite_antenna=📡|satellite=🛰️|electric_plug=🔌|battery=🔋|floppy_disk=💾|cd=💿|package=📦|inbox_tray=📥|" +
  "outbox_tray=📤|email envelope=✉️|incoming_envelope=📨|envelope_with_arrow=📩|e-mail=📧|mailbox=📫|postbox=📮|" +
  "newspaper=📰|books=📚|book=📖|ledger=📒|scroll=📜|receipt=🧾|moneybag=💰|dollar=💵|credit_card=💳|" +
  "balance_scale scales=⚖️|classical_building=🏛️|office=🏢|house=🏠|hospital=🏥|bank=🏦|factory=🏭|" +
  "earth_africa=🌍|earth_americas=🌎|earth_asia=🌏|globe_with_meridians=🌐|world_map=🗺️|compass=🧭|" +
  "triangular_flag_on_post=🚩|checkered_flag=🏁|waving_white_flag=🏳️|crossed_flags=🎌|ticket=🎫|label=🏷️|door=🚪|" +
  "wastebasket=🗑️|broom=🧹|bricks=🧱|ladder=🪜|chains=⛓️|anchor=⚓|ship=🚢|airplane=✈️|car=🚗|bike=🚲|fuelpump=⛽|" +
  "recycle=♻️|trident=🔱|infinity=♾️|atom_symbol=⚛️|radioactive_sign=☢️|biohazard_sign=☣️|skull=💀|siren=🚨|" +
  "see_no_evil=🙈|hear_no_evil=🙉|speak_no_evil=🙊|shushing_face=🤫|zipper_mouth_face=🤐|crystal_ball=🔮|" +
  "magic_wand=🪄|sunrise=🌅|city_sunrise=🌇|night_with_stars=🌃|full_moon=🌕|new_moon=🌑|test=🧪|" +
  "large_diamond_orange large_orange_diamond=🔶|large_blue_diamond=🔷|small_orange_diamond=🔸|" +
  "small_blue_diamond=🔹|black_small_square=▪️|white_small_square=▫️|radio_button=🔘|heavy_dollar_sign=💲|" +
  "tm=™️|copyright=©️|registered=®️|wheelchair=♿|speaking_head_in_silhouette speaking_head=🗣️|" +
  "studio_microphone=🎙️|headphones=🎧|movie_camera=🎥|camera=📷|lower_left_ballpoint_pen=🖊️|" +
  "mantelpiece_clock=🕰️|watch=⌚|";

const rows = TABLE.split("|").filter(Boolean).map((row) => {
  const at = row.lastIndexOf("=");
  return { names: row.slice(0, at).split(" "), glyph: row.slice(at + 1) };
});
const byName = new Map(rows.flatMap(({ names, glyph }) => names.map((name) => [name, glyph])));
const tone = /::skin-tone-[2-6]$/;

export const QUICK = ["thumbsup", "eyes", "white_check_mark", "raised_hands", "pray", "tada"];

export const glyphOf = (name) => byName.get(name.replace(tone, ""));

// Names that begin with what was typed come first, then names that contain it.
export function findEmoji(typed, most = 48) {
  const wanted = typed.toLowerCase();
  const hits = rows.filter(({ names }) => names.some((name) => name.includes(wanted)));
  const begins = ({ names }) => (names.some((name) => name.startsWith(wanted)) ? 0 : 1);
  return hits.sort((a, b) => begins(a) - begins(b)).slice(0, most).map(({ names, glyph }) => ({ name: names[0], glyph }));
}
